/** The driver's half that works the controller: its rings, its interrupt routine, its registers. */
import {
  MAC_CR_RE,
  MAC_CR_SWR,
  MAC_CR_TE,
  MAC_D_ES,
  MAC_D_FS,
  MAC_D_IC,
  MAC_D_LS,
  MAC_D_OWN,
  MAC_DESCRIPTOR,
  MAC_PHYSR_LINK,
  MAC_SR_LINK,
  MAC_SR_RX,
  MAC_SR_RXU,
  MAC_SR_TX,
  type MacController,
} from 'txsim';
import { out, type Suspension } from 'txsim/tx_api';
import {
  _nx_arp_packet_deferred_receive,
  _nx_ip_driver_link_status_event,
  _nx_ip_packet_deferred_receive,
  _nx_rarp_packet_deferred_receive,
  nx_packet_allocate,
  nx_packet_data_append,
  nx_packet_release,
  nx_packet_transmit_release,
  NX_NO_WAIT,
  NX_RECEIVE_PACKET,
  NX_SUCCESS,
  type NX_INTERFACE,
  type NX_IP,
  type NX_IP_DRIVER,
  type NX_PACKET,
} from 'txsim/nx_api';
import { Descriptors } from './descriptors.ts';
import { group_hash } from './group-hash.ts';

const ETHERNET_HEADER = 14;
const ETHERNET_MTU = 1500;
export const ETHERNET_IP = 0x0800;
export const ETHERNET_ARP = 0x0806;
export const ETHERNET_RARP = 0x8035;
export const ETHERNET_IPV6 = 0x86dd;

const TX_DESCRIPTORS = 16;
const RX_DESCRIPTORS = 8;
/** A frame of 1,514 bytes, rounded up. */
const RX_BUFFER = 1536;

/** Bytes of memory that rings and receive buffers take. */
export const NX_DRIVER_MEMORY = (TX_DESCRIPTORS + RX_DESCRIPTORS) * MAC_DESCRIPTOR + RX_DESCRIPTORS * RX_BUFFER;

/** What only the driver can count. */
export interface Counters {
  errors: number;
  allocation_errors: number;
}

type Steps = Generator<Suspension, void, unknown>;

/** What the commands of the stack need of the hardware. */
export interface Hardware {
  readonly counters: Counters;
  /** @param memory - all the memory that packets lie in; the first {@link NX_DRIVER_MEMORY} bytes are the driver's */
  readonly set_memory: (memory: Uint8Array) => void;
  readonly attach: (ip: NX_IP, interface_: NX_INTERFACE) => void;
  readonly detach: () => void;
  readonly initialize: (interface_: NX_INTERFACE) => void;
  readonly enable: (interface_: NX_INTERFACE) => void;
  readonly disable: (interface_: NX_INTERFACE) => Steps;
  readonly send: (request: NX_IP_DRIVER, packet: NX_PACKET, type: number) => Steps;
  readonly group: (request: NX_IP_DRIVER, change: 1 | -1) => void;
}

/** The hardware of a board, and what the driver keeps of it in static storage. */
export function hardware(mac: MacController): Hardware {
  let ram: Uint8Array = new Uint8Array(0);
  let tx_ring = new Descriptors(ram, 0);
  let rx_ring = new Descriptors(ram, 0);
  const rx_buffers = (TX_DESCRIPTORS + RX_DESCRIPTORS) * MAC_DESCRIPTOR;
  /** The packet whose last part a transmit descriptor holds. */
  const tx_packets: (NX_PACKET | null)[] = [];
  /** The next descriptor to fill, the oldest that is not done, and how many are in use. */
  let [tx_head, tx_tail, tx_used] = [0, 0, 0];
  let rx_current = 0;
  let ip_ptr: NX_IP | null = null;
  let interface_ptr: NX_INTERFACE | null = null;
  const counters: Counters = { errors: 0, allocation_errors: 0 };
  /** How many groups need each bit of the hash table. */
  const groups: number[] = new Array<number>(64).fill(0);

  function set_memory(memory: Uint8Array): void {
    ram = memory;
    mac.memory = memory;
    tx_ring = new Descriptors(memory, TX_DESCRIPTORS);
    rx_ring = new Descriptors(memory.subarray(TX_DESCRIPTORS * MAC_DESCRIPTOR), RX_DESCRIPTORS);
  }

  function initialize(interface_: NX_INTERFACE): void {
    mac.CR = MAC_CR_SWR;
    mac.TDAR = 0;
    mac.TDNR = TX_DESCRIPTORS;
    mac.RDAR = TX_DESCRIPTORS * MAC_DESCRIPTOR;
    mac.RDNR = RX_DESCRIPTORS;
    tx_packets.splice(0, Infinity, ...new Array<null>(TX_DESCRIPTORS).fill(null));
    [tx_head, tx_tail, tx_used, rx_current] = [0, 0, 0, 0];
    for (let index = 0; index < TX_DESCRIPTORS; index++) tx_ring.set_flags(index, 0);
    for (let index = 0; index < RX_DESCRIPTORS; index++) {
      rx_ring.set_buffer(index, rx_buffers + index * RX_BUFFER, RX_BUFFER);
      rx_ring.set_flags(index, MAC_D_OWN);
    }
    interface_.nx_interface_ip_mtu_size = ETHERNET_MTU;
    interface_.nx_interface_physical_address_msw = mac.MAHR;
    interface_.nx_interface_physical_address_lsw = mac.MALR;
    interface_.nx_interface_address_mapping_needed = 1;
  }

  function enable(interface_: NX_INTERFACE): void {
    interface_.nx_interface_link_up = link();
    mac.on_interrupt = isr;
    mac.CR = MAC_CR_RE | MAC_CR_TE;
    mac.IER = MAC_SR_RX | MAC_SR_TX | MAC_SR_RXU | MAC_SR_LINK;
  }

  /** Turns the controller off and gives back what it had not sent. */
  function* disable(interface_: NX_INTERFACE): Generator<Suspension, void, unknown> {
    interface_.nx_interface_link_up = 0;
    mac.IER = 0;
    mac.CR = 0;
    for (const [index, packet] of tx_packets.entries()) {
      tx_packets[index] = null;
      if (packet !== null) yield* give_back(packet);
    }
  }

  const link = (): number => ((mac.PHYSR & MAC_PHYSR_LINK) !== 0 ? 1 : 0);

  /** Where in the controller's memory a packet's payload begins. */
  const address_of = (packet: NX_PACKET): number =>
    packet.nx_packet_memory.byteOffset - ram.byteOffset + packet.nx_packet_prepend_ptr;

  /** Hands a packet to the controller, one descriptor for each part of its chain. */
  function* send(request: NX_IP_DRIVER, packet: NX_PACKET, type: number): Generator<Suspension, void, unknown> {
    let parts = 0;
    for (let part: NX_PACKET | null = packet; part !== null; part = part.nx_packet_next) parts++;
    if (link() === 0 || parts > TX_DESCRIPTORS - tx_used) {
      // There is no queue behind the ring: what does not fit is lost, as on a wire.
      counters.errors++;
      yield* nx_packet_transmit_release(packet);
      return;
    }
    put_header(request, packet, type);
    const first = tx_head;
    for (let part: NX_PACKET | null = packet; part !== null; part = part.nx_packet_next) {
      const is_last = part.nx_packet_next === null;
      tx_ring.set_buffer(tx_head, address_of(part), part.nx_packet_append_ptr - part.nx_packet_prepend_ptr);
      const flags = (part === packet ? MAC_D_FS : MAC_D_OWN) | (is_last ? MAC_D_LS | MAC_D_IC : 0);
      tx_ring.set_flags(tx_head, flags);
      tx_packets[tx_head] = is_last ? packet : null;
      tx_head = tx_ring.next(tx_head);
      tx_used++;
    }
    // The first one last: the controller must not begin with half a frame.
    tx_ring.set_flags(first, tx_ring.flags(first) | MAC_D_OWN);
    mac.TDPR = 1;
  }

  function put_header(request: NX_IP_DRIVER, packet: NX_PACKET, type: number): void {
    packet.nx_packet_prepend_ptr -= ETHERNET_HEADER;
    packet.nx_packet_length += ETHERNET_HEADER;
    const header = new DataView(ram.buffer, ram.byteOffset + address_of(packet), ETHERNET_HEADER);
    header.setUint16(0, request.nx_ip_driver_physical_address_msw);
    header.setUint32(2, request.nx_ip_driver_physical_address_lsw);
    header.setUint16(6, mac.MAHR);
    header.setUint32(8, mac.MALR);
    header.setUint16(12, type);
  }

  /** The stack may want a packet back as it gave it: without the Ethernet header. */
  function* give_back(packet: NX_PACKET): Generator<Suspension, void, unknown> {
    packet.nx_packet_prepend_ptr += ETHERNET_HEADER;
    packet.nx_packet_length -= ETHERNET_HEADER;
    yield* nx_packet_transmit_release(packet);
  }

  function* isr(): Generator<Suspension, void, unknown> {
    const status = mac.SR;
    mac.SR = status;
    if (ip_ptr === null || interface_ptr === null) return;
    if ((status & MAC_SR_TX) !== 0) yield* release_sent();
    if ((status & (MAC_SR_RX | MAC_SR_RXU)) !== 0) yield* receive(ip_ptr, interface_ptr);
    if ((status & MAC_SR_LINK) !== 0) {
      interface_ptr.nx_interface_link_up = link();
      yield* _nx_ip_driver_link_status_event(ip_ptr, interface_ptr.nx_interface_index);
    }
  }

  function* release_sent(): Generator<Suspension, void, unknown> {
    while (tx_used > 0 && (tx_ring.flags(tx_tail) & MAC_D_OWN) === 0) {
      const packet = tx_packets[tx_tail] ?? null;
      if ((tx_ring.flags(tx_tail) & MAC_D_ES) !== 0) counters.errors++;
      tx_packets[tx_tail] = null;
      tx_tail = tx_ring.next(tx_tail);
      tx_used--;
      if (packet !== null) yield* give_back(packet);
    }
  }

  /** Copies every received frame into a packet, and gives its buffer back to the controller. */
  function* receive(ip: NX_IP, interface_: NX_INTERFACE): Generator<Suspension, void, unknown> {
    while ((rx_ring.flags(rx_current) & MAC_D_OWN) === 0) {
      const start = rx_buffers + rx_current * RX_BUFFER;
      if (is_whole_frame(rx_current))
        yield* frame_to_stack(ip, interface_, ram.subarray(start, start + rx_ring.length(rx_current)));
      else counters.errors++;
      rx_ring.set_flags(rx_current, MAC_D_OWN);
      rx_current = rx_ring.next(rx_current);
    }
  }

  const is_whole_frame = (index: number): boolean => {
    const flags = rx_ring.flags(index);
    return (flags & MAC_D_FS) !== 0 && (flags & MAC_D_LS) !== 0;
  };

  function* frame_to_stack(
    ip: NX_IP,
    interface_: NX_INTERFACE,
    frame: Uint8Array,
  ): Generator<Suspension, void, unknown> {
    const pool = ip.nx_ip_default_packet_pool;
    const cell = out<NX_PACKET>();
    if ((yield* nx_packet_allocate(pool, cell, NX_RECEIVE_PACKET, NX_NO_WAIT)) !== NX_SUCCESS) {
      counters.allocation_errors++;
      return;
    }
    const packet = cell.value;
    // Two bytes before the Ethernet header put the IP header behind it at a word.
    packet.nx_packet_prepend_ptr += 2;
    packet.nx_packet_append_ptr += 2;
    if ((yield* nx_packet_data_append(packet, frame, frame.length, pool, NX_NO_WAIT)) !== NX_SUCCESS) {
      counters.allocation_errors++;
      yield* nx_packet_release(packet);
      return;
    }
    packet.nx_packet_ip_interface = interface_;
    packet.nx_packet_prepend_ptr += ETHERNET_HEADER;
    packet.nx_packet_length -= ETHERNET_HEADER;
    switch (((frame[12] ?? 0) << 8) | (frame[13] ?? 0)) {
      case ETHERNET_IP:
      case ETHERNET_IPV6:
        yield* _nx_ip_packet_deferred_receive(ip, packet);
        break;
      case ETHERNET_ARP:
        yield* _nx_arp_packet_deferred_receive(ip, packet);
        break;
      case ETHERNET_RARP:
        yield* _nx_rarp_packet_deferred_receive(ip, packet);
        break;
      default:
        yield* nx_packet_release(packet);
    }
  }

  function group(request: NX_IP_DRIVER, change: 1 | -1): void {
    const { nx_ip_driver_physical_address_msw: msw, nx_ip_driver_physical_address_lsw: lsw } = request;
    const bit = group_hash(msw, lsw);
    groups[bit] = Math.max(0, (groups[bit] ?? 0) + change);
    const mask = 1 << (bit & 31);
    const table = bit >= 32 ? mac.HTHR : mac.HTLR;
    const changed = groups[bit] > 0 ? table | mask : table & ~mask;
    if (bit >= 32) mac.HTHR = changed;
    else mac.HTLR = changed;
  }

  function attach(ip: NX_IP, interface_: NX_INTERFACE): void {
    [ip_ptr, interface_ptr] = [ip, interface_];
  }

  function detach(): void {
    mac.CR = MAC_CR_SWR;
    groups.fill(0);
    [ip_ptr, interface_ptr] = [null, null];
  }

  return { counters, set_memory, attach, detach, initialize, enable, disable, send, group };
}
