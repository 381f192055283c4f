import { flagMacro } from '../kernel/config.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { checksumsHold, fillChecksums } from './checksum-offload.ts';
import {
  NX_ENTRY_NOT_FOUND,
  NX_INTERFACE_CAPABILITY_GET,
  NX_INTERFACE_CAPABILITY_SET,
  NX_INVALID_INTERFACE,
  NX_INVALID_PARAMETERS,
  NX_LINK_DEFERRED_PROCESSING,
  NX_LINK_DISABLE,
  NX_LINK_ENABLE,
  NX_LINK_FACTORY_ADDRESS_GET,
  NX_LINK_GET_ALLOC_ERRORS,
  NX_LINK_GET_DUPLEX_TYPE,
  NX_LINK_GET_ERROR_COUNT,
  NX_LINK_GET_INTERFACE_TYPE,
  NX_LINK_GET_RX_COUNT,
  NX_LINK_GET_SPEED,
  NX_LINK_GET_STATUS,
  NX_LINK_GET_TX_COUNT,
  NX_LINK_INITIALIZE,
  NX_LINK_INTERFACE_ATTACH,
  NX_LINK_INTERFACE_DETACH,
  NX_LINK_MULTICAST_JOIN,
  NX_LINK_MULTICAST_LEAVE,
  NX_LINK_RAW_PACKET_SEND,
  NX_LINK_RX_DISABLE,
  NX_LINK_RX_ENABLE,
  NX_LINK_SET_PHYSICAL_ADDRESS,
  NX_LINK_UNINITIALIZE,
  NX_NOT_SUPPORTED,
  NX_PTR_ERROR,
  NX_SUCCESS,
  NX_UNHANDLED_COMMAND,
} from './constants.ts';
import { NX_INTERFACE_CAPABILITY_CHECKSUM_ALL, NX_INTERFACE_TYPE_ETHERNET } from './constants-driver.ts';
import { netxState } from './device-state.ts';
import type { NetworkDriver, NX_IP_DRIVER } from './driver.ts';
import { frameArrived, isStackType } from './ethernet-receive.ts';
import { frameOfRequest, isSend } from './ethernet-transmit.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { NX_IP } from './ip.ts';
import { linkStatusEvent } from './link-status.ts';
import { MulticastFilter } from './multicast-filter.ts';
import { packetView, type NX_PACKET } from './packet.ts';
import { packetRelease } from './packet-pool.ts';
import { BROADCAST, parseEthernet, type HardwareAddress } from './wire/ethernet.ts';

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
  /** Set by the driver: frames for other hosts come in too. */
  isPromiscuous: boolean;
  /** Set by the driver: called when the link goes down or comes up. */
  linkChanged: ((isUp: boolean) => void) | null;
}

/** Bits a second. */
const SPEED = 100_000_000;
const FULL_DUPLEX = 1;

/** Whether two hardware addresses are the same. */
const isSame = (one: HardwareAddress, other: HardwareAddress): boolean =>
  one.msw === other.msw && one.lsw === other.lsw;
/** Whether an address is that of a group, and so no host's own. */
const isGroup = ({ msw }: HardwareAddress): boolean => (msw & 0x0100) !== 0;

/** The driver of a simulated Ethernet controller: one interface of one IP instance has it at a time. */
class EthernetDriver {
  readonly #mac: MacPort;
  readonly #kernel: Kernel;
  readonly #filter = new MulticastFilter();
  #hardware: HardwareAddress;
  #ip: NX_IP | null = null;
  /** Whose driver it is: the interface that was attached. */
  #interface: NX_INTERFACE | null = null;
  #received = 0;
  #transmitted = 0;
  #errors = 0;
  #allocationErrors = 0;

  constructor(mac: MacPort) {
    this.#mac = mac;
    this.#kernel = mac.kernel;
    this.#hardware = mac.address;
  }

  /** Deals with a request of the stack; gives its status. */
  serve(request: NX_IP_DRIVER): number {
    const { nx_ip_driver_command: command, nx_ip_driver_packet: packet } = request;
    const { nx_ip_driver_interface: one } = request;
    if (command === NX_LINK_INTERFACE_ATTACH) return this.#attach(request.nx_ip_driver_ptr, one);
    // Groups may be joined before the IP thread has attached the interface.
    const isJoin = command === NX_LINK_MULTICAST_JOIN && this.#interface === null;
    const isOurs = this.#interface === one || isJoin;
    const status = isOurs ? this.#command(request, one, command, packet) : NX_INVALID_INTERFACE;
    if (packet !== null) packetRelease(this.#kernel, packet);
    return status;
  }

  #command(request: NX_IP_DRIVER, one: NX_INTERFACE, command: number, packet: NX_PACKET | null): number {
    if (packet !== null) {
      if (isSend(command)) return this.#send(one, frameOfRequest(request, packet, this.#hardware));
      return command === NX_LINK_RAW_PACKET_SEND ? this.#send(one, packetView(packet)) : NX_UNHANDLED_COMMAND;
    }
    const answer = this.#answer(command);
    if (answer === null) return this.#control(request, one, command);
    if (request.nx_ip_driver_return_ptr === null) return NX_PTR_ERROR;
    request.nx_ip_driver_return_ptr.value = answer;
    return NX_SUCCESS;
  }

  /** What a GET command answers; null for every other command. */
  #answer(command: number): number | null {
    switch (command) {
      case NX_LINK_GET_STATUS:
        return this.#mac.linkUp && this.#interface?.nx_interface_link_up === 1 ? 1 : 0;
      case NX_LINK_GET_SPEED:
        return SPEED;
      case NX_LINK_GET_DUPLEX_TYPE:
        return FULL_DUPLEX;
      case NX_LINK_GET_ERROR_COUNT:
        return this.#errors;
      case NX_LINK_GET_RX_COUNT:
        return this.#received;
      case NX_LINK_GET_TX_COUNT:
        return this.#transmitted;
      case NX_LINK_GET_ALLOC_ERRORS:
        return this.#allocationErrors;
      case NX_LINK_GET_INTERFACE_TYPE:
        return NX_INTERFACE_TYPE_ETHERNET;
      default:
        return null;
    }
  }

  #control(request: NX_IP_DRIVER, one: NX_INTERFACE, command: number): number {
    const group = { msw: request.nx_ip_driver_physical_address_msw, lsw: request.nx_ip_driver_physical_address_lsw };
    switch (command) {
      case NX_LINK_INITIALIZE:
        this.#initialize(one);
        return NX_SUCCESS;
      case NX_LINK_ENABLE:
        this.#enable(request.nx_ip_driver_ptr, one);
        return NX_SUCCESS;
      case NX_LINK_DISABLE:
        this.#disable(one);
        return NX_SUCCESS;
      case NX_LINK_UNINITIALIZE:
      case NX_LINK_INTERFACE_DETACH:
        this.#disable(one);
        this.#detach();
        return NX_SUCCESS;
      case NX_LINK_RX_ENABLE:
        this.#listen(one);
        return NX_SUCCESS;
      case NX_LINK_RX_DISABLE:
        this.#mac.receive = null;
        return NX_SUCCESS;
      case NX_LINK_MULTICAST_JOIN:
        this.#filter.join(group);
        return NX_SUCCESS;
      case NX_LINK_MULTICAST_LEAVE:
        return this.#filter.leave(group) ? NX_SUCCESS : NX_ENTRY_NOT_FOUND;
      case NX_LINK_SET_PHYSICAL_ADDRESS:
        if (isGroup(group) || (group.msw === 0 && group.lsw === 0)) return NX_INVALID_PARAMETERS;
        this.#hardware = group;
        // The controller lets everything in, and the driver sees to what is for this address.
        this.#mac.isPromiscuous = true;
        return NX_SUCCESS;
      case NX_LINK_FACTORY_ADDRESS_GET:
        request.nx_ip_driver_physical_address_msw = this.#mac.address.msw;
        request.nx_ip_driver_physical_address_lsw = this.#mac.address.lsw;
        return NX_SUCCESS;
      case NX_INTERFACE_CAPABILITY_GET:
      case NX_INTERFACE_CAPABILITY_SET:
        return this.#capability(request, one, command);
      case NX_LINK_DEFERRED_PROCESSING:
        return NX_SUCCESS;
      default:
        return NX_UNHANDLED_COMMAND;
    }
  }

  #attach(ip: NX_IP, one: NX_INTERFACE): number {
    if (this.#interface !== null && this.#interface !== one) return NX_INVALID_INTERFACE;
    this.#ip = ip;
    this.#interface = one;
    return NX_SUCCESS;
  }

  #detach(): void {
    this.#ip = null;
    this.#interface = null;
    this.#hardware = this.#mac.address;
    this.#mac.isPromiscuous = false;
    this.#filter.clear();
  }

  get #capabilities(): number | null {
    return flagMacro(this.#kernel.macros, 'NX_ENABLE_INTERFACE_CAPABILITY')
      ? NX_INTERFACE_CAPABILITY_CHECKSUM_ALL
      : null;
  }

  /** What the controller computes and checks in place of the stack, and whether it is to do so. */
  #capability(request: NX_IP_DRIVER, one: NX_INTERFACE, command: number): number {
    const { nx_ip_driver_return_ptr: value } = request;
    const able = this.#capabilities;
    if (able === null) return NX_UNHANDLED_COMMAND;
    if (value === null) return NX_PTR_ERROR;
    if (command === NX_INTERFACE_CAPABILITY_GET) value.value = able;
    else if ((value.value & ~able) !== 0) return NX_NOT_SUPPORTED;
    else one.nx_interface_capability_flag = value.value;
    return NX_SUCCESS;
  }

  #initialize(one: NX_INTERFACE): void {
    one.nx_interface_ip_mtu_size = this.#mac.mtu;
    one.nx_interface_physical_address_msw = this.#hardware.msw;
    one.nx_interface_physical_address_lsw = this.#hardware.lsw;
    one.nx_interface_address_mapping_needed = 1;
    one.nx_interface_capability_flag = this.#capabilities ?? 0;
  }

  #enable(ip: NX_IP, one: NX_INTERFACE): void {
    one.nx_interface_link_up = this.#mac.linkUp ? 1 : 0;
    this.#listen(one);
    this.#mac.linkChanged = (isUp) => {
      this.#kernel.interrupt('the network interface', () => {
        one.nx_interface_link_up = isUp ? 1 : 0;
        linkStatusEvent(this.#kernel, ip, one);
      });
    };
  }

  #disable(one: NX_INTERFACE): void {
    one.nx_interface_link_up = 0;
    this.#mac.receive = null;
    this.#mac.linkChanged = null;
  }

  #listen(one: NX_INTERFACE): void {
    this.#mac.receive = (frame) => {
      this.#kernel.interrupt('the network interface', () => this.#receive(one, frame));
    };
  }

  /** Hands a frame to the controller. Nothing is sent, and an error counted, without link or without room for the header. */
  #send(one: NX_INTERFACE, frame: Uint8Array | null): number {
    if (frame === null || one.nx_interface_link_up === 0) {
      this.#errors++;
      return NX_SUCCESS;
    }
    const offload = one.nx_interface_capability_flag;
    if (offload !== 0) fillChecksums(frame, offload);
    this.#transmitted++;
    this.#mac.transmit(frame);
    return NX_SUCCESS;
  }

  /** The receive interrupt: hands the frame to the IP thread, if it is for this host. */
  #receive(one: NX_INTERFACE, frame: Uint8Array): void {
    const header = parseEthernet(frame);
    if (header === null) {
      this.#malformed();
      return;
    }
    const { destination, etherType } = header;
    if (!this.#isForUs(destination)) return;
    this.#received++;
    if (!isStackType(etherType) || this.#ip === null) return;
    const offload = one.nx_interface_capability_flag;
    if (offload !== 0 && !checksumsHold(frame, offload)) this.#malformed();
    else if (!frameArrived(this.#kernel, this.#ip, one, etherType, frame)) this.#allocationErrors++;
  }

  #malformed(): void {
    this.#errors++;
    netxState(this.#kernel).trace?.record({ type: 'frame-not-received', reason: 'malformed' });
  }

  #isForUs(destination: HardwareAddress): boolean {
    if (isGroup(destination)) return isSame(destination, BROADCAST) || this.#filter.passes(destination);
    return isSame(destination, this.#hardware);
  }
}

/** The driver of a simulated Ethernet controller, to hand to `nx_ip_create`. */
export function ethernetDriver(mac: MacPort): NetworkDriver {
  const driver = new EthernetDriver(mac);
  return (request) => {
    request.nx_ip_driver_status = driver.serve(request);
  };
}
