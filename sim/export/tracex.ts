import { Addresses } from '../../kernel/addresses.ts';
import { EventLog, trimmedTrace, type TraceField } from '../../kernel/event-log.ts';
import type { EventRecorder } from '../../kernel/event-recorder.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { TX_THREAD } from '../../kernel/thread.ts';
import type { TraceEventName } from '../../kernel/trace-events.ts';
import { ipInstances, packetPools } from '../../netx/device-state.ts';
import type { NX_PACKET_POOL } from '../../netx/packet-pool-block.ts';
import type { NX_IP } from '../../netx/ip.ts';
import { ARP_REQUEST, parseArp } from '../../netx/wire/arp.ts';
import { ETHERNET_HEADER, ETHERTYPE_ARP, ETHERTYPE_IPV4, parseEthernet } from '../../netx/wire/ethernet.ts';
import { parseIpv4Header } from '../../netx/wire/ipv4.ts';
import type { Device } from '../device.ts';
import type { TraceRecord } from '../trace/event.ts';
import type { TraceStream } from '../trace/stream.ts';
import { beginsWithIp, NX_EVENT, NX_SERVICE_EVENT } from './tracex-events.ts';

/** Room for this many objects of a device. */
const REGISTRY = 512;
/** Events that one device keeps at most, and all of them together; at least so many each. 32 bytes an event. */
const MOST_EVENTS = 131_072;
const MOST_IN_ALL = 2_097_152;
const LEAST_EVENTS = 1024;

/** Records what one device does as ThreadX and NetX Duo record it, across its boots. */
class DeviceRecorder implements EventRecorder {
  readonly name: string;
  readonly #log: EventLog;
  readonly #memory: Uint8Array;
  readonly #addresses = new Addresses();
  readonly #registered = new Set<object>();
  readonly #interrupts = new Map<string, number>();
  #kernel: Kernel;
  /** The packet that has just come: its interrupt, if the controller takes it, is next. */
  #arrived: { readonly time: number; readonly source: number; readonly length: number } | null = null;

  constructor(name: string, kernel: Kernel, events: number) {
    this.name = name;
    this.#kernel = kernel;
    this.#memory = new Uint8Array(48 + REGISTRY * 48 + events * 32);
    this.#log = new EventLog(kernel, this.#memory, this.#memory.length, REGISTRY, null, this.#addresses);
    for (const thread of kernel.threads) this.#registered.add(thread);
    kernel.watch(this);
  }

  /** A device that has booted again has another kernel. */
  follow(kernel: Kernel): void {
    if (kernel === this.#kernel) return;
    this.#kernel.watch(null);
    this.#nameObjects();
    this.#kernel = kernel;
    this.#log.adopt(kernel);
    kernel.watch(this);
  }

  /** The trace as a file. */
  finish(): Uint8Array {
    this.#kernel.watch(null);
    this.#nameObjects();
    return trimmedTrace(this.#memory);
  }

  insert(event: TraceEventName, ...fields: readonly TraceField[]): void {
    this.#log.insert(event, ...fields);
  }

  insertNumber(event: number, ...fields: readonly TraceField[]): void {
    this.#log.insertNumber(event, ...fields);
  }

  threadResumed(thread: TX_THREAD, previousState: number): void {
    this.#log.threadResumed(thread, previousState);
  }

  threadSuspended(thread: TX_THREAD, newState: number): void {
    this.#log.threadSuspended(thread, newState);
  }

  register(...parts: Parameters<EventRecorder['register']>): void {
    this.#registered.add(parts[1]);
    this.#log.register(...parts);
  }

  unregister(object: object): void {
    this.#registered.delete(object);
    this.#log.unregister(object);
  }

  serviceBegins(service: string): void {
    const event = NX_SERVICE_EVENT[service];
    if (event !== undefined) this.#log.insertNumber(event, beginsWithIp(event) ? this.#ip : 0);
  }

  interruptBegins(name: string): void {
    this.#log.insert('ISR_ENTER', 0, this.#numberOf(name));
    const arrived = this.#arrived;
    this.#arrived = null;
    if (arrived?.time !== this.#kernel.now) return;
    this.#log.insertNumber(NX_EVENT.ipReceive, this.#ip, arrived.source, 0, arrived.length);
  }

  interruptEnds(name: string): void {
    this.#log.insert('ISR_EXIT', 0, this.#numberOf(name));
  }

  /** What the trace tells of the device's network. */
  hear({ time, event }: TraceRecord): void {
    switch (event.type) {
      case 'packet-allocated':
        this.#log.insertNumber(NX_EVENT.packetAllocate, this.#pool(event.pool), 0, 0, event.available);
        break;
      case 'packet-released':
        this.#log.insertNumber(NX_EVENT.packetRelease, 0, 0, event.available);
        break;
      case 'frame-sent':
        this.#log.insertNumber(sendEvent(event.bytes), this.#ip, 0, event.bytes.length);
        break;
      case 'frame-delivered': {
        const ip = ipv4Of(event.bytes);
        this.#arrived = ip === null ? null : { time, source: ip.source, length: ip.totalLength };
        break;
      }
      default:
        break;
    }
  }

  /** The IP instance, where there is one only. */
  get #ip(): NX_IP | null {
    const [ip = null, another] = ipInstances(this.#kernel);
    return another === undefined ? ip : null;
  }

  #pool(name: string): NX_PACKET_POOL | null {
    for (const pool of packetPools(this.#kernel)) if (pool.nx_packet_pool_name === name) return pool;
    return null;
  }

  #numberOf(interrupt: string): number {
    const known = this.#interrupts.get(interrupt);
    if (known !== undefined) return known;
    const number = this.#interrupts.size + 1;
    this.#interrupts.set(interrupt, number);
    return number;
  }

  /** Names what the kernel and the stack made for themselves. */
  #nameObjects(): void {
    const kernel = this.#kernel;
    this.#log.registerAll(this.#registered);
    for (const pool of packetPools(kernel)) {
      const { nx_packet_pool_name: name, nx_packet_pool_payload_size: size, nx_packet_pool_total: total } = pool;
      this.#log.register('packetPool', pool, name, size, total);
    }
    for (const ip of ipInstances(kernel)) {
      this.#log.register(
        'ip',
        ip,
        ip.nx_ip_name,
        ip.nx_ip_thread.tx_thread_stack_start,
        ip.nx_ip_thread.tx_thread_stack_size,
      );
      for (const socket of ip.udpSockets) {
        this.#log.register('udpSocket', socket, socket.nx_udp_socket_name, 0, socket.nx_udp_socket_queue_maximum);
      }
    }
  }
}

const ipv4Of = (bytes: Uint8Array): ReturnType<typeof parseIpv4Header> =>
  parseEthernet(bytes)?.etherType === ETHERTYPE_IPV4 ? parseIpv4Header(bytes, ETHERNET_HEADER, bytes.length) : null;

/** What a driver is asked for a frame. */
function sendEvent(bytes: Uint8Array): number {
  if (parseEthernet(bytes)?.etherType === ETHERTYPE_ARP) {
    const isRequest = parseArp(bytes, ETHERNET_HEADER, bytes.length)?.operation === ARP_REQUEST;
    return isRequest ? NX_EVENT.driverArpSend : NX_EVENT.driverArpResponseSend;
  }
  const isBroadcast = bytes.subarray(0, 6).every((byte) => byte === 255);
  return isBroadcast ? NX_EVENT.driverPacketBroadcast : NX_EVENT.driverPacketSend;
}

/** The parts of a world that the exporter looks at. */
interface TracedWorld {
  readonly trace: TraceStream;
  readonly devices: ReadonlyMap<string, Device>;
}

/**
 * Records what every device does in the binary format of TraceX: threads, services of ThreadX and NetX Duo, interrupts,
 * frames and packets. Each device keeps its last 131072 events (fewer where there are more than 16 devices).
 *
 * @param sink - receives the files, at the end: the name of a device, and its trace
 * @returns a function that ends it
 */
export function exportTracex(world: TracedWorld, sink: (device: string, file: Uint8Array) => void): () => void {
  const share = Math.floor(MOST_IN_ALL / Math.max(1, world.devices.size));
  const events = Math.max(LEAST_EVENTS, Math.min(MOST_EVENTS, share));
  const recorders = new Map<string, DeviceRecorder>();
  const recorderOf = (name: string): DeviceRecorder | undefined => {
    // A second port on one network bears the number of its interface.
    const device = world.devices.get(name) ?? world.devices.get(name.replace(/\.\d+$/, ''));
    if (device === undefined) return undefined;
    const known = recorders.get(device.name) ?? new DeviceRecorder(device.name, device.kernel, events);
    recorders.set(device.name, known);
    known.follow(device.kernel);
    return known;
  };
  for (const name of world.devices.keys()) recorderOf(name);
  const stop = world.trace.listen(
    (record) => {
      const { event, device } = record;
      // Frames are between devices: a port bears its device's name.
      const concerned = event.type === 'frame-sent' ? event.from : event.type === 'frame-delivered' ? event.to : device;
      if (concerned !== null) recorderOf(concerned)?.hear(record);
    },
    { detail: true },
  );
  return () => {
    stop();
    for (const recorder of recorders.values()) sink(recorder.name, recorder.finish());
  };
}
