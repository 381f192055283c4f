import { executingKernel } from '../kernel/caller-context.ts';
import type { Kernel } from '../kernel/kernel.ts';
import {
  NX_ENTRY_NOT_FOUND,
  NX_INVALID_INTERFACE,
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
  NX_PTR_ERROR,
  NX_SUCCESS,
  NX_UNHANDLED_COMMAND,
} from './constants.ts';
import { NX_INTERFACE_TYPE_ETHERNET } from './constants-driver.ts';
import type { NetworkDriver, NX_IP_DRIVER } from './driver.ts';
import { frameOfRequest, isSend } from './ethernet-transmit.ts';
import { packetView, type NX_PACKET } from './packet.ts';
import { packetRelease } from './packet-pool.ts';
import { ramNetwork, type RamNetwork, type RamPort } from './ram-network.ts';

/** Bits a second, and full duplex: the driver's own idea, as nothing is measured here. */
const SPEED = 1_000_000_000;
const FULL_DUPLEX = 1;

function ramDriver(mtu: number): NetworkDriver {
  return (request) => {
    const kernel = executingKernel();
    const network = ramNetwork(kernel);
    const { nx_ip_driver_packet: packet } = request;
    request.nx_ip_driver_status = serve(network, request, mtu, packet);
    if (packet !== null) release(kernel, packet);
  };
}

const release = (kernel: Kernel, packet: NX_PACKET): void => void packetRelease(kernel, packet);

function serve(network: RamNetwork, request: NX_IP_DRIVER, mtu: number, packet: NX_PACKET | null): number {
  const { nx_ip_driver_command: command, nx_ip_driver_interface: one } = request;
  if (command === NX_LINK_INTERFACE_ATTACH) {
    network.join(one, request.nx_ip_driver_ptr, mtu);
    return NX_SUCCESS;
  }
  const port = network.find(one);
  if (port === null) return NX_INVALID_INTERFACE;
  if (packet === null) return control(network, port, request, command);
  if (!isSend(command) && command !== NX_LINK_RAW_PACKET_SEND) return NX_UNHANDLED_COMMAND;
  const isRaw = command === NX_LINK_RAW_PACKET_SEND;
  const frame = isRaw ? packetView(packet) : frameOfRequest(request, packet, port.hardware);
  if (frame === null || !port.isEnabled) port.errors++;
  else network.carry(port, frame);
  return NX_SUCCESS;
}

function answerOf(port: RamPort, command: number): number | null {
  switch (command) {
    case NX_LINK_GET_STATUS:
      return port.isEnabled ? 1 : 0;
    case NX_LINK_GET_SPEED:
      return SPEED;
    case NX_LINK_GET_DUPLEX_TYPE:
      return FULL_DUPLEX;
    case NX_LINK_GET_ERROR_COUNT:
      return port.errors;
    case NX_LINK_GET_RX_COUNT:
      return port.received;
    case NX_LINK_GET_TX_COUNT:
      return port.transmitted;
    case NX_LINK_GET_ALLOC_ERRORS:
      return port.allocationErrors;
    case NX_LINK_GET_INTERFACE_TYPE:
      return NX_INTERFACE_TYPE_ETHERNET;
    default:
      return null;
  }
}

function control(network: RamNetwork, port: RamPort, request: NX_IP_DRIVER, command: number): number {
  const answer = answerOf(port, command);
  if (answer !== null) {
    if (request.nx_ip_driver_return_ptr === null) return NX_PTR_ERROR;
    request.nx_ip_driver_return_ptr.value = answer;
    return NX_SUCCESS;
  }
  const one = port.networkInterface;
  const address = { msw: request.nx_ip_driver_physical_address_msw, lsw: request.nx_ip_driver_physical_address_lsw };
  switch (command) {
    case NX_LINK_INITIALIZE:
      one.nx_interface_ip_mtu_size = port.mtu;
      one.nx_interface_physical_address_msw = port.hardware.msw;
      one.nx_interface_physical_address_lsw = port.hardware.lsw;
      one.nx_interface_address_mapping_needed = 1;
      return NX_SUCCESS;
    case NX_LINK_ENABLE:
      setEnabled(port, true);
      return NX_SUCCESS;
    case NX_LINK_DISABLE:
      setEnabled(port, false);
      return NX_SUCCESS;
    case NX_LINK_UNINITIALIZE:
    case NX_LINK_INTERFACE_DETACH:
      setEnabled(port, false);
      network.leave(one);
      return NX_SUCCESS;
    case NX_LINK_RX_ENABLE:
    case NX_LINK_RX_DISABLE:
      port.isReceiving = command === NX_LINK_RX_ENABLE;
      return NX_SUCCESS;
    case NX_LINK_MULTICAST_JOIN:
      port.filter.join(address);
      return NX_SUCCESS;
    case NX_LINK_MULTICAST_LEAVE:
      return port.filter.leave(address) ? NX_SUCCESS : NX_ENTRY_NOT_FOUND;
    case NX_LINK_SET_PHYSICAL_ADDRESS:
      port.hardware = address;
      return NX_SUCCESS;
    case NX_LINK_FACTORY_ADDRESS_GET:
      request.nx_ip_driver_physical_address_msw = port.factory.msw;
      request.nx_ip_driver_physical_address_lsw = port.factory.lsw;
      return NX_SUCCESS;
    case NX_LINK_DEFERRED_PROCESSING:
      return NX_SUCCESS;
    default:
      return NX_UNHANDLED_COMMAND;
  }
}

function setEnabled(port: RamPort, isEnabled: boolean): void {
  port.isEnabled = isEnabled;
  port.isReceiving = isEnabled;
  port.networkInterface.nx_interface_link_up = isEnabled ? 1 : 0;
}

/**
 * The RAM driver of NetX Duo's demonstrations: joins all IP instances of one device that were created with it, whatever
 * its variant, to a network of their own. Hand it to `nx_ip_create`. The interfaces have the hardware addresses
 * 00:11:22:33:44:56 and following, in the order in which they come up.
 */
export const _nx_ram_network_driver = ramDriver(1500);
/** As {@link _nx_ram_network_driver}, with IP packets of 256 bytes at most. */
export const _nx_ram_network_driver_256 = ramDriver(256);
/** As {@link _nx_ram_network_driver}, with IP packets of 512 bytes at most. */
export const _nx_ram_network_driver_512 = ramDriver(512);
/** As {@link _nx_ram_network_driver}, with IP packets of 1,024 bytes at most. */
export const _nx_ram_network_driver_1024 = ramDriver(1024);
/** As {@link _nx_ram_network_driver}, with IP packets of 1,500 bytes at most. */
export const _nx_ram_network_driver_1500 = ramDriver(1500);
/** As {@link _nx_ram_network_driver}, with IP packets of 2,048 bytes at most. */
export const _nx_ram_network_driver_2048 = ramDriver(2048);
/** As {@link _nx_ram_network_driver}, with IP packets of 3,000 bytes at most. */
export const _nx_ram_network_driver_3000 = ramDriver(3000);
