import { CallSite } from '../kernel/call-site.ts';
import type { Kernel } from '../kernel/kernel.ts';

/** Where and when something was done with a packet. */
export interface PacketNote {
  service: string;
  thread: string;
  /** Virtual time in nanoseconds. */
  time: number;
  site: CallSite | null;
}

export const newNote = (): PacketNote => ({ service: '', thread: '', time: 0, site: null });

/**
 * Writes down the present call. It is done for every packet, so nothing is allocated; the line of the firmware is there
 * where the run records call sites, or where `always` says so.
 */
export function note(kernel: Kernel, into: PacketNote, always: boolean): void {
  const { op, context } = kernel;
  into.service = op.service;
  into.thread = context === 'isr' || context === 'init' ? context : (kernel.current?.tx_thread_name ?? '');
  into.time = kernel.now;
  into.site = always ? (op.site ?? new CallSite()) : op.site;
}

/** `nx_packet_allocate() in thread 'echo' at file:line`. */
export function describeNote({ service, thread, site }: PacketNote): string {
  const place = site?.text ?? null;
  return `${service}() in thread '${thread}'${place === null ? '' : ` at ${place}`}`;
}
