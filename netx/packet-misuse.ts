import type { Kernel } from '../kernel/kernel.ts';
import type { NX_PACKET } from './packet.ts';
import { describeNote, newNote, note } from './packet-note.ts';

/** The present call, in words. */
function presentCall(kernel: Kernel): string {
  const present = newNote();
  note(kernel, present, false);
  return describeNote(present);
}

function report(
  kernel: Kernel,
  packet: NX_PACKET,
  kind: 'double-release' | 'use-after-release' | 'use-after-send',
): void {
  const { state, nx_packet_pool_name: pool } = packet.nx_packet_pool_owner;
  state?.trace?.record({
    type: 'packet-misuse',
    kind,
    pool,
    allocated: describeNote(packet.allocation),
    released: packet.release.service === '' ? '' : describeNote(packet.release),
    again: presentCall(kernel),
  });
}

/** Reports a packet that is released, and was before. */
export function reportDoubleRelease(kernel: Kernel, packet: NX_PACKET): void {
  report(kernel, packet, 'double-release');
}

/**
 * Reports a packet that a service is given and that its caller does not hold: it was released, or it was sent and is the
 * stack's. The service goes on all the same, as it would on the target.
 */
export function checkHeld(kernel: Kernel, packet: NX_PACKET): void {
  if (packet.holder === 'free') report(kernel, packet, 'use-after-release');
  else if (packet.holder === 'stack') report(kernel, packet, 'use-after-send');
}

/**
 * Reports a packet that is sent and has too little room before its payload; the service gives `NX_UNDERFLOW`.
 *
 * @param needed - bytes of headers that go before the payload
 * @param wanted - the packet type that has room for them: `NX_UDP_PACKET`
 */
export function reportHeaderRoom(kernel: Kernel, packet: NX_PACKET, needed: number, wanted: string): void {
  // One that is the stack's has its headers already, and was reported as such.
  if (packet.holder !== 'application') return;
  const { state, nx_packet_pool_name: pool } = packet.nx_packet_pool_owner;
  state?.trace?.record({
    type: 'packet-misuse',
    kind: 'no-header-room',
    pool,
    allocated: describeNote(packet.allocation),
    again: presentCall(kernel),
    packetType: packet.type,
    room: packet.nx_packet_prepend_ptr - packet.nx_packet_data_start,
    needed,
    wanted,
  });
}
