import type { Kernel } from '../kernel/kernel.ts';
import {
  NX_IP_VERSION_V6,
  NX_LINK_ARP_RESPONSE_SEND,
  NX_LINK_ARP_SEND,
  NX_LINK_DISABLE,
  NX_LINK_ENABLE,
  NX_LINK_FACTORY_ADDRESS_GET,
  NX_LINK_GET_ALLOC_ERRORS,
  NX_LINK_GET_DUPLEX_TYPE,
  NX_LINK_GET_ERROR_COUNT,
  NX_LINK_GET_RX_COUNT,
  NX_LINK_GET_SPEED,
  NX_LINK_GET_STATUS,
  NX_LINK_GET_TX_COUNT,
  NX_LINK_INITIALIZE,
  NX_LINK_INTERFACE_ATTACH,
  NX_LINK_MULTICAST_JOIN,
  NX_LINK_MULTICAST_LEAVE,
  NX_LINK_PACKET_BROADCAST,
  NX_LINK_PACKET_SEND,
  NX_LINK_RARP_SEND,
  NX_LINK_RAW_PACKET_SEND,
  NX_LINK_UNINITIALIZE,
  NX_RECEIVE_PACKET,
  NX_SUCCESS,
  NX_UNHANDLED_COMMAND,
} from './constants.ts';
import { netxState } from './device-state.ts';
import type { NetworkDriver, NX_IP_DRIVER } from './driver.ts';
import { GroupFilter } from './group-filter.ts';
import { deferArp, deferRarp, deferReceive } from './ip-receive.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { NX_IP } from './ip.ts';
import { packetView, prepend, type NX_PACKET } from './packet.ts';
import { appendBytes } from './packet-data.ts';
import { packetRelease, takePacket } from './packet-pool.ts';
import {
  emitEthernet,
  ETHERNET_HEADER,
  ETHERNET_MINIMUM,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_RARP,
  parseEthernet,
  type HardwareAddress,
} from './wire/ethernet.ts';

/** The simulated Ethernet controller that the driver works. */
export interface MacPort {
  readonly kernel: Kernel;
  readonly address: HardwareAddress;
  /** Largest IP packet it carries, in bytes. */
  readonly mtu: number;
  readonly linkUp: boolean;
  /** Puts a frame on the wire; its bytes are copied. */
  transmit(frame: Uint8Array): void;
  /** Set by the driver: called with each frame that arrives. */
  receive: ((frame: Uint8Array) => void) | null;
}

/** The IP header begins at a word, as on the target: the 14 bytes of Ethernet header are put two bytes in. */
const ALIGNMENT = 2;

/** The counters that the GET commands read. */
interface Counters {
  received: number;
  transmitted: number;
  errors: number;
  allocationErrors: number;
}

/** The driver of a simulated Ethernet controller, to hand to `nx_ip_create`. */
export function ethernetDriver(mac: MacPort): NetworkDriver {
  const counters: Counters = { received: 0, transmitted: 0, errors: 0, allocationErrors: 0 };
  const groups = new GroupFilter();
  const typeOf: Readonly<Record<number, number>> = {
    [NX_LINK_PACKET_SEND]: ETHERTYPE_IPV4,
    [NX_LINK_PACKET_BROADCAST]: ETHERTYPE_IPV4,
    [NX_LINK_ARP_SEND]: ETHERTYPE_ARP,
    [NX_LINK_ARP_RESPONSE_SEND]: ETHERTYPE_ARP,
    [NX_LINK_RARP_SEND]: ETHERTYPE_RARP,
  };
  const gets: Readonly<Record<number, () => number>> = {
    [NX_LINK_GET_STATUS]: () => (mac.linkUp ? 1 : 0),
    [NX_LINK_GET_SPEED]: () => 100_000_000,
    [NX_LINK_GET_DUPLEX_TYPE]: () => 1,
    [NX_LINK_GET_ERROR_COUNT]: () => counters.errors,
    [NX_LINK_GET_RX_COUNT]: () => counters.received,
    [NX_LINK_GET_TX_COUNT]: () => counters.transmitted,
    [NX_LINK_GET_ALLOC_ERRORS]: () => counters.allocationErrors,
  };

  return (request: NX_IP_DRIVER) => {
    const { nx_ip_driver_command: command, nx_ip_driver_packet: packet } = request;
    const { nx_ip_driver_interface: networkInterface, nx_ip_driver_ptr: ip } = request;
    request.nx_ip_driver_status = NX_SUCCESS;
    const etherType = typeOf[command];
    if (packet !== null) {
      if (etherType !== undefined) {
        // A packet says itself which version of IP it is of; ARP's own packets say none.
        const isV6 = packet.nx_packet_ip_version === NX_IP_VERSION_V6 && etherType === ETHERTYPE_IPV4;
        transmit(mac, networkInterface, request, packet, isV6 ? ETHERTYPE_IPV6 : etherType);
      } else if (command === NX_LINK_RAW_PACKET_SEND) mac.transmit(packetView(packet));
      else request.nx_ip_driver_status = NX_UNHANDLED_COMMAND;
      counters.transmitted++;
      packetRelease(mac.kernel, packet);
      return;
    }
    const get = gets[command];
    if (get !== undefined) {
      if (request.nx_ip_driver_return_ptr !== null) request.nx_ip_driver_return_ptr.value = get();
      return;
    }
    control(mac, ip, networkInterface, request, counters, groups);
  };
}

/** Commands that set the controller up or down. */
function control(
  mac: MacPort,
  ip: NX_IP,
  one: NX_INTERFACE,
  request: NX_IP_DRIVER,
  counters: Counters,
  groups: GroupFilter,
): void {
  switch (request.nx_ip_driver_command) {
    case NX_LINK_INTERFACE_ATTACH:
      break;
    case NX_LINK_MULTICAST_JOIN:
      groups.join(request.nx_ip_driver_physical_address_msw, request.nx_ip_driver_physical_address_lsw);
      break;
    case NX_LINK_MULTICAST_LEAVE:
      groups.leave(request.nx_ip_driver_physical_address_msw, request.nx_ip_driver_physical_address_lsw);
      break;
    case NX_LINK_INITIALIZE:
      one.nx_interface_ip_mtu_size = mac.mtu;
      one.nx_interface_physical_address_msw = mac.address.msw;
      one.nx_interface_physical_address_lsw = mac.address.lsw;
      one.nx_interface_address_mapping_needed = 1;
      break;
    case NX_LINK_ENABLE:
      one.nx_interface_link_up = mac.linkUp ? 1 : 0;
      mac.receive = (frame) => {
        mac.kernel.interrupt('the network interface', () => receive(mac, ip, one, frame, counters, groups));
      };
      break;
    case NX_LINK_DISABLE:
    case NX_LINK_UNINITIALIZE:
      one.nx_interface_link_up = 0;
      mac.receive = null;
      break;
    case NX_LINK_FACTORY_ADDRESS_GET:
      request.nx_ip_driver_physical_address_msw = mac.address.msw;
      request.nx_ip_driver_physical_address_lsw = mac.address.lsw;
      break;
    default:
      request.nx_ip_driver_status = NX_UNHANDLED_COMMAND;
  }
}

/** Puts the Ethernet header before a packet, in its physical header room, and hands it to the controller. */
function transmit(
  mac: MacPort,
  networkInterface: NX_INTERFACE,
  request: NX_IP_DRIVER,
  packet: NX_PACKET,
  etherType: number,
): void {
  if (networkInterface.nx_interface_link_up === 0 || !prepend(packet, ETHERNET_HEADER)) return;
  const destination = {
    msw: request.nx_ip_driver_physical_address_msw,
    lsw: request.nx_ip_driver_physical_address_lsw,
  };
  emitEthernet({ destination, source: mac.address, etherType }, packet.nx_packet_memory, packet.nx_packet_prepend_ptr);
  const bytes = packetView(packet);
  if (bytes.length >= ETHERNET_MINIMUM) {
    mac.transmit(bytes);
    return;
  }
  const whole = new Uint8Array(ETHERNET_MINIMUM);
  whole.set(bytes);
  mac.transmit(whole);
}

/** The receive interrupt: copies the frame into a packet of the IP instance's pool and hands it to the IP thread. */
function receive(
  mac: MacPort,
  ip: NX_IP,
  one: NX_INTERFACE,
  frame: Uint8Array,
  counters: Counters,
  groups: GroupFilter,
): void {
  const { trace } = netxState(mac.kernel);
  counters.received++;
  const header = parseEthernet(frame);
  if (header === null) {
    counters.errors++;
    trace?.record({ type: 'frame-not-received', reason: 'malformed' });
    return;
  }
  const { destination, etherType } = header;
  const isGroup = (destination.msw & 0x0100) !== 0 && groups.admits(destination);
  const isOurs = destination.msw === mac.address.msw && destination.lsw === mac.address.lsw;
  if (!isGroup && !isOurs) return;
  const isIp = etherType === ETHERTYPE_IPV4 || etherType === ETHERTYPE_IPV6;
  if (!isIp && etherType !== ETHERTYPE_ARP && etherType !== ETHERTYPE_RARP) return;
  const pool = ip.defaultPool;
  const packet = pool === null ? null : takePacket(mac.kernel, pool, NX_RECEIVE_PACKET);
  if (pool === null || packet === null) {
    counters.allocationErrors++;
    trace?.record({ type: 'frame-not-received', reason: 'no-packet' });
    return;
  }
  packet.holder = 'stack';
  packet.nx_packet_prepend_ptr += ALIGNMENT;
  packet.nx_packet_append_ptr += ALIGNMENT;
  if (!appendBytes(mac.kernel, packet, frame, pool)) {
    packetRelease(mac.kernel, packet);
    counters.allocationErrors++;
    trace?.record({ type: 'frame-not-received', reason: 'no-packet' });
    return;
  }
  packet.nx_packet_ip_interface = one;
  packet.nx_packet_prepend_ptr += ETHERNET_HEADER;
  packet.nx_packet_length -= ETHERNET_HEADER;
  if (etherType === ETHERTYPE_ARP) deferArp(mac.kernel, ip, packet);
  else if (etherType === ETHERTYPE_RARP) deferRarp(mac.kernel, ip, packet);
  else deferReceive(mac.kernel, ip, packet);
}
