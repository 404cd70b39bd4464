/* Generated from src/jcode_watcher/events by `make types`; never edited. */

export type Event =
  | ProcessStartedEvent
  | ProcessExitedEvent
  | ProcessOomKilledEvent
  | FileSavedEvent
  | FileDeletedEvent
  | FileMovedEvent
  | CellExecutedEvent
  | IdentityMismatchedEvent
  | MonitorStartedEvent
  | MonitorStoppedEvent
  | MonitorGapEvent
  | MonitorHeartbeatEvent;

/**
 * An event. Made once on the node, before the spool; the same after every retry.
 */
export interface ProcessStartedEvent {
  id: string;
  kind: "process.started";
  /**
   * RFC 3339, UTC, microseconds
   */
  time: string;
  node: string;
  agent: string;
  seq: number;
  subject?: Subject | null;
  body: ProcessStarted;
}
/**
 * Student and place of an event; a part that is unknown is null, never guessed.
 */
export interface Subject {
  course?: string | null;
  section?: string | null;
  student?: string | null;
  assignment?: string | null;
  workspace?: string | null;
  container_id?: string | null;
  pod_uid?: string | null;
  pod_name?: string | null;
  pod_owner?: string | null;
  pod_labels?: {
    [k: string]: string;
  } | null;
  identity?: "hostname" | "mismatch" | "pinned" | "unknown";
}
/**
 * A process executed a program.
 */
export interface ProcessStarted {
  pid: number;
  /**
   * RFC 3339, UTC, microseconds
   */
  started: string;
  ppid?: number;
  namespace_pid?: number;
  uid?: number;
  comm?: string;
  exe?: string;
  argv?: string[];
  argv_truncated?: boolean;
  argv_bytes?: number;
  cwd?: string;
  hostname?: string;
  cgroup_id?: string;
  activity?: (Build | Run) | null;
}
/**
 * A compiler driver at work; its helpers (cc1, as, ld) are part of it and are no builds of their own.
 */
export interface Build {
  type: "build";
  family: string;
  language: string;
  version?: string | null;
  sources?: string[];
  output?: string | null;
  options?: string[];
  links?: boolean;
  standard?: string | null;
  warnings?: string[];
  response_files?: string[];
}
/**
 * A student's program or script at work.
 */
export interface Run {
  type: "run";
  target: string;
  interpreter?: string | null;
  version?: string | null;
  built_here?: boolean;
  built_from?: string[];
}
/**
 * An event. Made once on the node, before the spool; the same after every retry.
 */
export interface ProcessExitedEvent {
  id: string;
  kind: "process.exited";
  /**
   * RFC 3339, UTC, microseconds
   */
  time: string;
  node: string;
  agent: string;
  seq: number;
  subject?: Subject | null;
  body: ProcessExited;
}
/**
 * A process ended, with its last thread.
 */
export interface ProcessExited {
  pid: number;
  /**
   * RFC 3339, UTC, microseconds
   */
  started: string;
  ppid?: number;
  namespace_pid?: number;
  uid?: number;
  comm?: string;
  exe?: string;
  argv?: string[];
  argv_truncated?: boolean;
  argv_bytes?: number;
  cwd?: string;
  hostname?: string;
  cgroup_id?: string;
  activity?: (Build | Run) | null;
  duration_us?: number;
  exit_code?: number | null;
  signal?: string | null;
  core_dumped?: boolean;
  oom_killed?: boolean;
  user_us?: number;
  system_us?: number;
  peak_rss_bytes?: number;
}
/**
 * An event. Made once on the node, before the spool; the same after every retry.
 */
export interface ProcessOomKilledEvent {
  id: string;
  kind: "process.oom_killed";
  /**
   * RFC 3339, UTC, microseconds
   */
  time: string;
  node: string;
  agent: string;
  seq: number;
  subject?: Subject | null;
  body: ProcessOomKilled;
}
/**
 * The kernel chose a process to kill, as memory ran out. Every field speaks of the victim.
 */
export interface ProcessOomKilled {
  pid: number;
  comm: string;
  started?: string | null;
  uid?: number;
  hostname?: string;
  total_vm_bytes?: number;
  anon_rss_bytes?: number;
  file_rss_bytes?: number;
  oom_score_adj?: number;
  memory_cgroup_id?: string;
  argv?: string[];
  exe?: string;
  activity?: (Build | Run) | null;
}
/**
 * An event. Made once on the node, before the spool; the same after every retry.
 */
export interface FileSavedEvent {
  id: string;
  kind: "file.saved";
  /**
   * RFC 3339, UTC, microseconds
   */
  time: string;
  node: string;
  agent: string;
  seq: number;
  subject?: Subject | null;
  body: FileSaved;
}
/**
 * A save of a source file was completed: one version.
 */
export interface FileSaved {
  path: string;
  size: number;
  sha256?: string | null;
  content?: string | null;
  encoding?: "base64" | "utf-8";
  omitted?: string | null;
  how: "closed" | "exchanged" | "held_open" | "linked" | "moved_in" | "renamed_over" | "rescan";
  writer?: Writer;
  previous_sha256?: string | null;
}
/**
 * Which program did it; `role` is `unknown` where the process record does not tell.
 */
export interface Writer {
  pid?: number;
  comm?: string;
  exe?: string;
  argv?: string[];
  container_id?: string | null;
  student?: string | null;
  role?:
    | "archive"
    | "compiler"
    | "copy"
    | "editor"
    | "interpreter"
    | "notebook"
    | "other"
    | "shell"
    | "unknown"
    | "version_control";
  whose?: "another" | "machine" | "owner" | "unknown";
  identity?: "hostname" | "mismatch" | "pinned" | "unknown";
}
/**
 * An event. Made once on the node, before the spool; the same after every retry.
 */
export interface FileDeletedEvent {
  id: string;
  kind: "file.deleted";
  /**
   * RFC 3339, UTC, microseconds
   */
  time: string;
  node: string;
  agent: string;
  seq: number;
  subject?: Subject | null;
  body: FileDeleted;
}
/**
 * A source file is gone from its path.
 */
export interface FileDeleted {
  path: string;
  how?: "deleted" | "moved_out" | "rescan";
  writer?: Writer;
  previous_sha256?: string | null;
}
/**
 * An event. Made once on the node, before the spool; the same after every retry.
 */
export interface FileMovedEvent {
  id: string;
  kind: "file.moved";
  /**
   * RFC 3339, UTC, microseconds
   */
  time: string;
  node: string;
  agent: string;
  seq: number;
  subject?: Subject | null;
  body: FileMoved;
}
/**
 * A source file has another path within the same assignment; its content is the same.
 */
export interface FileMoved {
  path: string;
  destination: string;
  writer?: Writer;
  sha256?: string | null;
}
/**
 * An event. Made once on the node, before the spool; the same after every retry.
 */
export interface CellExecutedEvent {
  id: string;
  kind: "cell.executed";
  /**
   * RFC 3339, UTC, microseconds
   */
  time: string;
  node: string;
  agent: string;
  seq: number;
  subject?: Subject | null;
  body: CellExecuted;
}
/**
 * A notebook cell was run.
 */
export interface CellExecuted {
  path: string;
  succeeded: boolean;
  duration_us?: number;
}
/**
 * An event. Made once on the node, before the spool; the same after every retry.
 */
export interface IdentityMismatchedEvent {
  id: string;
  kind: "identity.mismatched";
  /**
   * RFC 3339, UTC, microseconds
   */
  time: string;
  node: string;
  agent: string;
  seq: number;
  subject?: Subject | null;
  body: IdentityMismatched;
}
/**
 * A container claims another hostname than the one it was pinned with.
 */
export interface IdentityMismatched {
  pinned: string;
  claimed: string;
  pid: number;
  exe?: string;
}
/**
 * An event. Made once on the node, before the spool; the same after every retry.
 */
export interface MonitorStartedEvent {
  id: string;
  kind: "monitor.started";
  /**
   * RFC 3339, UTC, microseconds
   */
  time: string;
  node: string;
  agent: string;
  seq: number;
  subject?: Subject | null;
  body: MonitorStarted;
}
/**
 * An agent began to look.
 */
export interface MonitorStarted {
  version: string;
  kernel: string;
  modes?: {
    [k: string]: string;
  };
  passed_over?: {
    [k: string]: string[];
  };
  previous_agent?: string | null;
  previous_seq?: number | null;
  found_changed?: number;
}
/**
 * An event. Made once on the node, before the spool; the same after every retry.
 */
export interface MonitorStoppedEvent {
  id: string;
  kind: "monitor.stopped";
  /**
   * RFC 3339, UTC, microseconds
   */
  time: string;
  node: string;
  agent: string;
  seq: number;
  subject?: Subject | null;
  body: MonitorStopped;
}
/**
 * An agent ended in order.
 */
export interface MonitorStopped {
  reason?: string;
}
/**
 * An event. Made once on the node, before the spool; the same after every retry.
 */
export interface MonitorGapEvent {
  id: string;
  kind: "monitor.gap";
  /**
   * RFC 3339, UTC, microseconds
   */
  time: string;
  node: string;
  agent: string;
  seq: number;
  subject?: Subject | null;
  body: MonitorGap;
}
/**
 * Something was not seen or not kept, and this is known.
 */
export interface MonitorGap {
  stage: string;
  reason: string;
  count?: number | null;
  hostname?: string | null;
  /**
   * RFC 3339, UTC, microseconds
   */
  since: string;
  /**
   * RFC 3339, UTC, microseconds
   */
  until: string;
}
/**
 * An event. Made once on the node, before the spool; the same after every retry.
 */
export interface MonitorHeartbeatEvent {
  id: string;
  kind: "monitor.heartbeat";
  /**
   * RFC 3339, UTC, microseconds
   */
  time: string;
  node: string;
  agent: string;
  seq: number;
  subject?: Subject | null;
  body: MonitorHeartbeat;
}
/**
 * An agent is alive.
 */
export interface MonitorHeartbeat {
  counters?: {
    [k: string]: number;
  };
  lag_ms?: number;
}
