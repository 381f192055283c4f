import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import { hardwareOf, sendArpMessage, takeArpPacket } from './arp-send.ts';
import { NX_LINK_RARP_SEND } from './constants.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { IpModule } from './ip-module.ts';
import type { NX_IP } from './ip.ts';
import type { NX_PACKET } from './packet.ts';
import { packetRelease } from './packet-pool.ts';
import type { Pending } from './pending.ts';
import { parseArp, RARP_REPLY, RARP_REQUEST } from './wire/arp.ts';
import { BROADCAST } from './wire/ethernet.ts';

/** Whether an interface still has to be given an address. */
export const needsAddress = (one: NX_INTERFACE): boolean =>
  one.nx_interface_valid === 1 && one.nx_interface_address_mapping_needed === 1 && one.nx_interface_ip_address === 0;

/** RARP of an instance, until every interface has its address. */
export function rarpModule(kernel: Kernel, ip: NX_IP): IpModule {
  return {
    process: () => {
      for (let packet = ip.deferredRarp.shift(); packet !== null; packet = ip.deferredRarp.shift()) {
        rarpReceive(kernel, ip, packet);
      }
      return null;
    },
    periodic: () => rarpPeriodic(kernel, ip),
  };
}

/** Once a second: each interface without an address asks a server which one is its own (RFC 903). */
function* rarpPeriodic(kernel: Kernel, ip: NX_IP): Generator<Suspension, void, unknown> {
  for (const networkInterface of ip.nx_ip_interface) {
    const pending = needsAddress(networkInterface) ? ask(kernel, ip, networkInterface) : null;
    if (pending !== null) yield* pending;
  }
}

function ask(kernel: Kernel, ip: NX_IP, networkInterface: NX_INTERFACE): Pending {
  const packet = takeArpPacket(kernel, ip, networkInterface);
  if (packet === null) return null;
  ip.nx_ip_rarp_requests_sent++;
  const own = hardwareOf(networkInterface);
  const message = {
    operation: RARP_REQUEST,
    senderHardware: own,
    senderAddress: 0,
    targetHardware: own,
    targetAddress: 0,
  };
  return sendArpMessage(ip, networkInterface, NX_LINK_RARP_SEND, BROADCAST, message, packet);
}

/** Deals with a RARP packet in the IP thread: an answer gives the interface its address, and ends the asking. */
function rarpReceive(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): void {
  const message = parseArp(packet.nx_packet_memory, packet.nx_packet_prepend_ptr, packet.nx_packet_append_ptr);
  const networkInterface = packet.nx_packet_ip_interface;
  packetRelease(kernel, packet);
  if (message?.operation !== RARP_REPLY || networkInterface === null) {
    ip.nx_ip_rarp_invalid_messages++;
    return;
  }
  ip.nx_ip_rarp_responses_received++;
  const { msw, lsw } = message.targetHardware;
  const own = hardwareOf(networkInterface);
  // An answer that a switch has flooded may be for somebody else.
  if (message.targetAddress === 0 || msw !== own.msw || lsw !== own.lsw) return;
  if (networkInterface.nx_interface_ip_address !== 0) return;
  networkInterface.nx_interface_ip_address = message.targetAddress;
  if (!ip.nx_ip_interface.some(needsAddress)) ip.rarp = null;
}
