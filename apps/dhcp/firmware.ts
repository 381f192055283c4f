/** A device that boots by DHCP, tells what it was given, and then echoes UDP on port 7. */
import { defineFirmware, statusName } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  tx_thread_create,
  type Suspension,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import {
  IP_ADDRESS,
  NX_FRAGMENT_OKAY,
  NX_IP,
  NX_IP_ADDRESS_RESOLVED,
  NX_IP_NORMAL,
  NX_IP_TIME_TO_LIVE,
  NX_NO_WAIT,
  NX_PACKET_POOL,
  NX_SUCCESS,
  NX_UDP_SOCKET,
  NX_WAIT_FOREVER,
  nx_arp_enable,
  nx_ip_address_get,
  nx_ip_create,
  nx_ip_status_check,
  nx_packet_pool_create,
  nx_packet_release,
  nx_system_initialize,
  nx_udp_enable,
  nx_udp_socket_bind,
  nx_udp_socket_create,
  nx_udp_socket_receive,
  nx_udp_socket_send,
  nx_udp_source_extract,
  type NX_PACKET,
} from 'txsim/nx_api';
import {
  NX_DHCP,
  NX_DHCP_OPTION_DNS_SVR,
  NX_DHCP_OPTION_GATEWAYS,
  nx_dhcp_create,
  nx_dhcp_server_address_get,
  nx_dhcp_start,
  nx_dhcp_state_change_notify,
  nx_dhcp_user_option_convert,
  nx_dhcp_user_option_retrieve,
} from 'txsim/nxd_dhcp_client';

const PORT = 7;
const STATES = ['not started', 'boot', 'init', 'selecting', 'requesting', 'bound', 'renewing', 'rebinding'];

const dotted = (address: ULONG): string => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');

export default defineFirmware(({ name, print, network_driver }) => {
  const packet_pool = new NX_PACKET_POOL();
  const ip_instance = new NX_IP();
  const dhcp_client = new NX_DHCP();
  const socket = new NX_UDP_SOCKET();
  const thread = new TX_THREAD();

  function* textOfOption(code: number): Generator<Suspension, string> {
    const buffer = new Uint8Array(16);
    const size = out<number>();
    size.value = buffer.length;
    const status = yield* nx_dhcp_user_option_retrieve(dhcp_client, code, buffer, size);
    return status === NX_SUCCESS ? dotted(yield* nx_dhcp_user_option_convert(buffer)) : statusName(status);
  }

  function* main(): Thread {
    yield* nx_dhcp_create(dhcp_client, ip_instance, name);
    yield* nx_dhcp_state_change_notify(dhcp_client, (_, state) => print(`DHCP: ${STATES[state] ?? state}`));
    yield* nx_dhcp_start(dhcp_client);

    // The address comes from the client's own thread; here is where C firmware waits for it too.
    yield* nx_ip_status_check(ip_instance, NX_IP_ADDRESS_RESOLVED, out(), NX_WAIT_FOREVER);
    const [address, mask, server] = [out<ULONG>(), out<ULONG>(), out<ULONG>()];
    yield* nx_ip_address_get(ip_instance, address, mask);
    yield* nx_dhcp_server_address_get(dhcp_client, server);
    print(`address ${dotted(address.value)}, mask ${dotted(mask.value)}, from ${dotted(server.value)}`);
    print(`router ${yield* textOfOption(NX_DHCP_OPTION_GATEWAYS)}, DNS ${yield* textOfOption(NX_DHCP_OPTION_DNS_SVR)}`);
    yield* echo();
  }

  function* echo(): Thread {
    yield* nx_udp_socket_create(ip_instance, socket, 'echo', NX_IP_NORMAL, NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 8);
    yield* nx_udp_socket_bind(socket, PORT, NX_NO_WAIT);
    const [packet, from, port] = [out<NX_PACKET>(), out<ULONG>(), out<number>()];
    for (;;) {
      if ((yield* nx_udp_socket_receive(socket, packet, NX_WAIT_FOREVER)) !== NX_SUCCESS) continue;
      yield* nx_udp_source_extract(packet.value, from, port);
      print(`a datagram from ${dotted(from.value)}`);
      const status = yield* nx_udp_socket_send(socket, packet.value, from.value, port.value);
      if (status !== NX_SUCCESS) yield* nx_packet_release(packet.value);
    }
  }

  return {
    *tx_application_define(memory) {
      const [pool_memory, ip_stack] = [memory.subarray(0, 20_000), memory.subarray(20_000, 22_048)];
      const [arp_memory, stack] = [memory.subarray(22_048, 23_072), memory.subarray(23_072, 25_120)];
      const none = IP_ADDRESS(0, 0, 0, 0);
      yield* nx_system_initialize();
      yield* nx_packet_pool_create(packet_pool, 'pool', 768, pool_memory, 20_000);
      yield* nx_ip_create(ip_instance, 'IP thread', none, none, packet_pool, network_driver, ip_stack, 2048, 1);
      yield* nx_arp_enable(ip_instance, arp_memory, 1024);
      yield* nx_udp_enable(ip_instance);
      yield* tx_thread_create(thread, 'main', main, 0, stack, 2048, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
    },
  };
});
