/**
 * What a report page is made of. The collector writes it, the page reads it; both know nothing else of each other.
 *
 * A report is one {@link ReportHead}, any number of {@link ReportChunk}s in order of time, and {@link ReportSummary}s, of
 * which the last one holds. A finished run gives them all at once; a run that is watched gives chunks as it goes on.
 */

/** Version of this format. */
export const REPORT_FORMAT = 1;

/** What is known before the first event. */
export interface ReportHead {
  readonly format: typeof REPORT_FORMAT;
  /** What ran: `apps/dtls-echo/scenario.ts`. */
  readonly title: string;
  /** A line on what it is about; '' for none. */
  readonly description: string;
  readonly seed: string;
  /** The command that made this page again; '' where there is none. */
  readonly command: string;
  /** Version of the simulator. */
  readonly version: string;
}

/**
 * What a lane shows: a thread of the firmware, the IP thread, the timer thread, initialisation, interrupts, a device with
 * no thread running, the frames of a port, or what belongs to no device.
 */
export type LaneKind = 'thread' | 'ip' | 'timer' | 'init' | 'isr' | 'idle' | 'wire' | 'world';

/** A lane of the time line. A later one with the same id replaces it. */
export interface ReportLane {
  readonly id: number;
  /** The device, or the port of a network that is no device's; '' for the world. */
  readonly owner: string;
  /** The thread's name, or what the lane is. */
  readonly name: string;
  readonly kind: LaneKind;
  /** Priority of a thread, or -1. */
  readonly priority: number;
}

/**
 * Some events, column by column. Where a column is the number of a string, the string is in this chunk's own
 * {@link ReportChunk.strings}; string 0 is ''.
 */
export interface ReportChunk {
  /** Number of the first event, counted from the start of the run. */
  readonly first: number;
  readonly strings: readonly string[];
  /** Lanes that are new, or changed. */
  readonly lanes: readonly ReportLane[];
  /** Virtual time in nanoseconds: of the first event, then the differences. */
  readonly time: readonly number[];
  readonly lane: readonly number[];
  /** String: the event's type in the trace. */
  readonly type: readonly number[];
  /** String: service, callback, thread, pool, queue, network: what the event is about. */
  readonly name: readonly number[];
  /** String: one line for people, beyond the name. */
  readonly text: readonly number[];
  /** How long it took until {@link ReportChunk.time}, in nanoseconds; 0 for what is over at once. */
  readonly duration: readonly number[];
  /** Status of a service, or -1. */
  readonly status: readonly number[];
  /**
   * A number: free packets, messages in a queue, the value a service gave, the lane of a thread that changes its state; of
   * a frame the number of its bytes, from which on {@link ReportChunk.frames} counts. -1 for none.
   */
  readonly value: readonly number[];
  /** Another: a queue's capacity, the number of the event in which a frame was sent. -1 for none. */
  readonly other: readonly number[];
  /** String: `file:line` of a call. */
  readonly site: readonly number[];
  /** String: the event's other fields as JSON, or ''. */
  readonly fields: readonly number[];
  /** Number of the first frame of this chunk. */
  readonly firstFrame: number;
  /** The bytes of frames, in base64. */
  readonly frames: readonly string[];
}

/** How bad it is: the run failed, something is probably wrong, or worth a look. */
export type Severity = 'error' | 'warning' | 'note';

/** Something that a reader should look at first. */
export interface ReportProblem {
  readonly severity: Severity;
  /** In a word or two: `leak`, `stall`, `expectation`, `deadlock`. */
  readonly kind: string;
  /** What happened, and what to do about it; may have several lines. */
  readonly text: string;
  /** The device concerned, or ''. */
  readonly device: string;
  readonly thread: string;
  /** Where it is on the time line, in nanoseconds; -1 where it has no place. */
  readonly time: number;
}

/** What a thread did, over the whole run. Times in nanoseconds. */
export interface ThreadRow {
  readonly device: string;
  readonly thread: string;
  readonly kind: LaneKind;
  readonly priority: number;
  /** How it stood at the end. */
  readonly state: string;
  readonly running: number;
  /** Ready, without having the processor. */
  readonly ready: number;
  readonly longestReady: number;
  readonly runs: number;
  readonly waits: number;
  readonly services: number;
}

/** One end of a DTLS session. Times in nanoseconds, -1 where it did not come that far. */
export interface SessionRow {
  readonly device: string;
  readonly role: string;
  readonly peer: string;
  readonly suite: string;
  /** First handshake message of this end. */
  readonly began: number;
  readonly connected: number;
  readonly ended: number;
  readonly datagrams: number;
  readonly retransmissions: number;
  readonly discarded: number;
  /** `connected`, `closed by us`, `failed: …`. */
  readonly state: string;
}

/** What a network carried. */
export interface NetworkRow {
  readonly network: string;
  readonly sent: number;
  readonly bytes: number;
  readonly delivered: number;
  /** Why frames did not arrive, with the number of them. */
  readonly lost: Readonly<Record<string, number>>;
  /** What faults did to frames that went on. */
  readonly faults: Readonly<Record<string, number>>;
}

/** What a status that was seen means. */
export interface StatusMeaning {
  /** `NX_NOT_SUCCESSFUL (0x43)`. */
  readonly name: string;
  readonly meaning: string;
  /** When this service gives it; '' where the meaning says it all. */
  readonly when: string;
  readonly causes: readonly string[];
}

/** What is known at the end, or so far. */
export interface ReportSummary {
  /** How the run ended: `stopped`, `time is up`; '' while it goes on. */
  readonly ending: string;
  /** Virtual time, in nanoseconds. */
  readonly time: number;
  readonly events: number;
  /** Events at the start that the page does not have, for the limit's sake. */
  readonly cut: number;
  /** Other things a reader should know of how the page was made. */
  readonly remarks: readonly string[];
  readonly problems: readonly ReportProblem[];
  readonly threads: readonly ThreadRow[];
  readonly sessions: readonly SessionRow[];
  readonly networks: readonly NetworkRow[];
  /** By service and status: `nx_packet_allocate:1`. */
  readonly statuses: Readonly<Record<string, StatusMeaning>>;
}
