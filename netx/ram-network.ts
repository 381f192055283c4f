import type { Kernel } from '../kernel/kernel.ts';
import { frameArrived, isStackType } from './ethernet-receive.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { NX_IP } from './ip.ts';
import { MulticastFilter } from './multicast-filter.ts';
import { BROADCAST, ETHERNET_HEADER, parseEthernet, type HardwareAddress } from './wire/ethernet.ts';

/** The hardware address of the first interface; the others count on from it. */
const FIRST: HardwareAddress = { msw: 0x0011, lsw: 0x2233_4456 };

/** An interface that is joined to the network inside its device. */
export class RamPort {
  readonly networkInterface: NX_INTERFACE;
  readonly ip: NX_IP;
  /** Largest IP packet that it takes, in bytes. */
  readonly mtu: number;
  /** The address it was made with. */
  readonly factory: HardwareAddress;
  readonly filter = new MulticastFilter();
  hardware: HardwareAddress;
  isEnabled = false;
  isReceiving = false;
  received = 0;
  transmitted = 0;
  errors = 0;
  allocationErrors = 0;

  constructor(networkInterface: NX_INTERFACE, ip: NX_IP, mtu: number, hardware: HardwareAddress) {
    this.networkInterface = networkInterface;
    this.ip = ip;
    this.mtu = mtu;
    this.factory = hardware;
    this.hardware = hardware;
  }

  /** Whether a frame to an address is for it. */
  hears({ msw, lsw }: HardwareAddress): boolean {
    if ((msw & 0x0100) === 0) return msw === this.hardware.msw && lsw === this.hardware.lsw;
    return (msw === BROADCAST.msw && lsw === BROADCAST.lsw) || this.filter.passes({ msw, lsw });
  }
}

/** The network inside one device: whatever one IP instance sends, the others whom it concerns receive at once. */
export class RamNetwork {
  readonly #kernel: Kernel;
  readonly #ports = new Map<NX_INTERFACE, RamPort>();
  #joined = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** The port of an interface, or null where it was never attached. */
  find(networkInterface: NX_INTERFACE): RamPort | null {
    return this.#ports.get(networkInterface) ?? null;
  }

  /** Joins an interface; one that is joined keeps its port. */
  join(networkInterface: NX_INTERFACE, ip: NX_IP, mtu: number): void {
    if (this.#ports.has(networkInterface)) return;
    const hardware = { msw: FIRST.msw, lsw: FIRST.lsw + this.#joined++ };
    this.#ports.set(networkInterface, new RamPort(networkInterface, ip, mtu, hardware));
  }

  leave(networkInterface: NX_INTERFACE): void {
    this.#ports.delete(networkInterface);
  }

  /** Carries a frame to all ports but the sender's whom it concerns; each gets a copy, in packets of its own pool. */
  carry(sender: RamPort, frame: Uint8Array): void {
    const header = parseEthernet(frame);
    if (header === null || frame.length > sender.mtu + ETHERNET_HEADER) {
      sender.errors++;
      return;
    }
    sender.transmitted++;
    for (const port of this.#ports.values()) {
      if (port === sender || !port.isReceiving || !port.hears(header.destination)) continue;
      if (frame.length > port.mtu + ETHERNET_HEADER) {
        port.errors++;
        continue;
      }
      port.received++;
      if (!isStackType(header.etherType)) continue;
      const { ip, networkInterface } = port;
      if (!frameArrived(this.#kernel, ip, networkInterface, header.etherType, frame)) port.allocationErrors++;
    }
  }
}

const networks = new WeakMap<Kernel, RamNetwork>();

/** The network inside a device. */
export function ramNetwork(kernel: Kernel): RamNetwork {
  let network = networks.get(kernel);
  if (network === undefined) {
    network = new RamNetwork(kernel);
    networks.set(kernel, network);
  }
  return network;
}
