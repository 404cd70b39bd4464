/** Requests to the service this page came from. Every failure is a Refused or an Unreachable. */
import { Refused, Unreachable } from './errors';

/** An answer slower than this is treated as none. */
const TIMEOUT_MS = 30_000;

export type Parameters = Record<string, string | number | null | undefined>;

/** The address of an API path, relative to the page, so that a proxy may put the service under any prefix. */
export function addressOf(path: string, parameters: Parameters = {}): URL {
  const address = new URL(path, document.baseURI);
  address.hash = '';
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== '') address.searchParams.set(name, String(value));
  }
  return address;
}

export async function readJson<T>(path: string, parameters?: Parameters): Promise<T> {
  const response = await request(addressOf(path, parameters));
  return (await response.json()) as T;
}

export async function readBytes(path: string): Promise<Uint8Array> {
  const response = await request(addressOf(path));
  return new Uint8Array(await response.arrayBuffer());
}

export async function send(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<void> {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  await request(addressOf(path), { method, headers: { 'Content-Type': 'application/json' }, ...content });
}

async function request(address: URL, options: RequestInit = {}): Promise<Response> {
  const response = await answerOf(address, options);
  noticeServerTime(response);
  if (!response.ok) throw new Refused(response.status, await reasonOf(response));
  return response;
}

async function answerOf(address: URL, options: RequestInit): Promise<Response> {
  try {
    return await fetch(address, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    throw new Unreachable(address.pathname, { cause: error });
  }
}

async function reasonOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === 'string') return error;
  } catch {
    // Not from the service: a proxy's page. Its status says more than its text.
  }
  return `${response.status} ${response.statusText}`.trim();
}

let onServerTime: (serverMs: number) => void = () => {};

/** Call `listener` with the service's clock at each answer: ages are told by it, not by the reader's clock. */
export function listenToServerTime(listener: (serverMs: number) => void): void {
  onServerTime = listener;
}

function noticeServerTime(response: Response): void {
  const serverMs = Date.parse(response.headers.get('Date') ?? '');
  if (!Number.isNaN(serverMs)) onServerTime(serverMs);
}
