/**
 * A link driver for the controller of `board.mac`, in the style of those for chips: the entry function that switches over
 * the commands of the stack. What works the controller is in `hardware.ts`.
 */
import { MAC_CR_RE, type Board } from 'txsim';
import type { Suspension } from 'txsim/tx_api';
import {
  nx_packet_transmit_release,
  NX_INTERFACE_TYPE_ETHERNET,
  NX_IP_VERSION_V6,
  NX_LINK_ARP_RESPONSE_SEND,
  NX_LINK_ARP_SEND,
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
  NX_LINK_PACKET_BROADCAST,
  NX_LINK_PACKET_SEND,
  NX_LINK_RARP_SEND,
  NX_LINK_RX_DISABLE,
  NX_LINK_RX_ENABLE,
  NX_LINK_SET_PHYSICAL_ADDRESS,
  NX_LINK_UNINITIALIZE,
  NX_SUCCESS,
  NX_UNHANDLED_COMMAND,
  type NX_IP_DRIVER,
} from 'txsim/nx_api';
import { ETHERNET_ARP, ETHERNET_IP, ETHERNET_IPV6, ETHERNET_RARP, hardware } from './hardware.ts';

export { NX_DRIVER_MEMORY } from './hardware.ts';

function answer(request: NX_IP_DRIVER, value: number): void {
  if (request.nx_ip_driver_return_ptr !== null) request.nx_ip_driver_return_ptr.value = value;
}

/**
 * A driver for a board's controller.
 *
 * @returns its entry function, to hand to `nx_ip_create`, and what `tx_application_define` has to call before that: with
 *   all the memory that packets lie in, of which the driver takes the first `NX_DRIVER_MEMORY` bytes
 */
export function nx_driver({ mac }: Board): {
  nx_driver_entry: (request: NX_IP_DRIVER) => Generator<Suspension, void, unknown>;
  nx_driver_memory_set: (ram: Uint8Array) => void;
} {
  const { counters, set_memory, attach, detach, initialize, enable, disable, send, group } = hardware(mac);
  /** The address registers as they are before anybody has written to them. */
  const factory = { msw: mac.MAHR, lsw: mac.MALR };

  function* nx_driver_entry(request: NX_IP_DRIVER): Generator<Suspension, void, unknown> {
    const { nx_ip_driver_interface: interface_, nx_ip_driver_packet: packet } = request;
    request.nx_ip_driver_status = NX_SUCCESS;
    switch (request.nx_ip_driver_command) {
      case NX_LINK_INTERFACE_ATTACH:
        attach(request.nx_ip_driver_ptr, interface_);
        break;
      case NX_LINK_INITIALIZE:
        initialize(interface_);
        break;
      case NX_LINK_ENABLE:
        enable(interface_);
        break;
      case NX_LINK_DISABLE:
        yield* disable(interface_);
        break;
      case NX_LINK_UNINITIALIZE:
      case NX_LINK_INTERFACE_DETACH:
        yield* disable(interface_);
        detach();
        break;
      case NX_LINK_PACKET_SEND:
      case NX_LINK_PACKET_BROADCAST: {
        const type = packet?.nx_packet_ip_version === NX_IP_VERSION_V6 ? ETHERNET_IPV6 : ETHERNET_IP;
        if (packet !== null) yield* send(request, packet, type);
        break;
      }
      case NX_LINK_ARP_SEND:
      case NX_LINK_ARP_RESPONSE_SEND:
        if (packet !== null) yield* send(request, packet, ETHERNET_ARP);
        break;
      case NX_LINK_RARP_SEND:
        if (packet !== null) yield* send(request, packet, ETHERNET_RARP);
        break;
      case NX_LINK_MULTICAST_JOIN:
        group(request, 1);
        break;
      case NX_LINK_MULTICAST_LEAVE:
        group(request, -1);
        break;
      case NX_LINK_SET_PHYSICAL_ADDRESS:
        mac.MAHR = request.nx_ip_driver_physical_address_msw;
        mac.MALR = request.nx_ip_driver_physical_address_lsw;
        break;
      case NX_LINK_FACTORY_ADDRESS_GET:
        request.nx_ip_driver_physical_address_msw = factory.msw;
        request.nx_ip_driver_physical_address_lsw = factory.lsw;
        break;
      case NX_LINK_RX_ENABLE:
        mac.CR |= MAC_CR_RE;
        break;
      case NX_LINK_RX_DISABLE:
        mac.CR &= ~MAC_CR_RE;
        break;
      case NX_LINK_GET_STATUS:
        answer(request, interface_.nx_interface_link_up);
        break;
      case NX_LINK_GET_SPEED:
        answer(request, 100_000_000);
        break;
      case NX_LINK_GET_DUPLEX_TYPE:
        answer(request, 1);
        break;
      case NX_LINK_GET_ERROR_COUNT:
        answer(request, counters.errors + mac.RXMFCR);
        break;
      case NX_LINK_GET_RX_COUNT:
        answer(request, mac.RXGFCR);
        break;
      case NX_LINK_GET_TX_COUNT:
        answer(request, mac.TXGFCR);
        break;
      case NX_LINK_GET_ALLOC_ERRORS:
        answer(request, counters.allocation_errors);
        break;
      case NX_LINK_GET_INTERFACE_TYPE:
        answer(request, NX_INTERFACE_TYPE_ETHERNET);
        break;
      case NX_LINK_DEFERRED_PROCESSING:
        break;
      default:
        request.nx_ip_driver_status = NX_UNHANDLED_COMMAND;
        if (packet !== null) yield* nx_packet_transmit_release(packet);
    }
  }

  return { nx_driver_entry, nx_driver_memory_set: set_memory };
}
