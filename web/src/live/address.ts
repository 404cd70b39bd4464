/** Where the live socket stands, seen from this page. */
import type { SectionKey } from '../api/answers';
import { addressOf } from '../api/client';

export function liveAddress({ course, section }: SectionKey, student?: string): string {
  const address = addressOf('v1/live', { course, section, student });
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return address.href;
}
