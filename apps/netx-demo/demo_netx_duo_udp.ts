/**
 * Two IP instances in one program, joined by the RAM driver, as in NetX Duo's own demonstrations: one thread sends from
 * 1.2.3.4, the other receives at 1.2.3.5 and answers. No network is needed, and no second device.
 */
import { defineFirmware } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  TX_WAIT_FOREVER,
  tx_thread_create,
  tx_thread_sleep,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import {
  _nx_ram_network_driver_1500,
  IP_ADDRESS,
  NX_FRAGMENT_OKAY,
  NX_IP,
  NX_IP_NORMAL,
  NX_IP_PERIODIC_RATE,
  NX_IP_TIME_TO_LIVE,
  NX_PACKET_POOL,
  NX_SUCCESS,
  NX_UDP_PACKET,
  NX_UDP_SOCKET,
  nx_arp_enable,
  nx_ip_create,
  nx_packet_allocate,
  nx_packet_data_append,
  nx_packet_data_retrieve,
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

const DEMO_STACK_SIZE = 2048;
const DEMO_DATA = Uint8Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ', (letter) => letter.charCodeAt(0));
const PORT_0 = 0x88;
const PORT_1 = 0x89;
const ROUNDS = 5;

export default defineFirmware(({ print }) => {
  const [thread_0, thread_1] = [new TX_THREAD(), new TX_THREAD()];
  const pool_0 = new NX_PACKET_POOL();
  const [ip_0, ip_1] = [new NX_IP(), new NX_IP()];
  const [socket_0, socket_1] = [new NX_UDP_SOCKET(), new NX_UDP_SOCKET()];
  let error_counter = 0;

  function check(status: number): boolean {
    if (status !== NX_SUCCESS) error_counter++;
    return status === NX_SUCCESS;
  }

  function* thread_0_entry(): Thread {
    const create = nx_udp_socket_create;
    check(yield* create(ip_0, socket_0, 'Socket 0', NX_IP_NORMAL, NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 5));
    check(yield* nx_udp_socket_bind(socket_0, PORT_0, TX_WAIT_FOREVER));
    for (let round = 1; round <= ROUNDS; round++) {
      const my_packet = out<NX_PACKET>();
      check(yield* nx_packet_allocate(pool_0, my_packet, NX_UDP_PACKET, TX_WAIT_FOREVER));
      check(yield* nx_packet_data_append(my_packet.value, DEMO_DATA, DEMO_DATA.length, pool_0, TX_WAIT_FOREVER));
      const sent = yield* nx_udp_socket_send(socket_0, my_packet.value, IP_ADDRESS(1, 2, 3, 5), PORT_1);
      if (!check(sent)) yield* nx_packet_release(my_packet.value);
      const answer = out<NX_PACKET>();
      if (check(yield* nx_udp_socket_receive(socket_0, answer, NX_IP_PERIODIC_RATE))) {
        print(`round ${round}: ${answer.value.nx_packet_length} bytes are back`);
        check(yield* nx_packet_release(answer.value));
      }
      yield* tx_thread_sleep(NX_IP_PERIODIC_RATE / 10);
    }
    print(`done, ${error_counter} errors`);
  }

  function* thread_1_entry(): Thread {
    const create = nx_udp_socket_create;
    check(yield* create(ip_1, socket_1, 'Socket 1', NX_IP_NORMAL, NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 5));
    check(yield* nx_udp_socket_bind(socket_1, PORT_1, TX_WAIT_FOREVER));
    for (;;) {
      const my_packet = out<NX_PACKET>();
      if (!check(yield* nx_udp_socket_receive(socket_1, my_packet, TX_WAIT_FOREVER))) continue;
      const text = new Uint8Array(my_packet.value.nx_packet_length);
      check(yield* nx_packet_data_retrieve(my_packet.value, text, out()));
      print(`received ${String.fromCharCode(...text)}`);
      const [address, port] = [out<ULONG>(), out<number>()];
      check(yield* nx_udp_source_extract(my_packet.value, address, port));
      const sent = yield* nx_udp_socket_send(socket_1, my_packet.value, address.value, port.value);
      if (!check(sent)) yield* nx_packet_release(my_packet.value);
    }
  }

  return {
    *tx_application_define(first_unused_memory) {
      let pointer = first_unused_memory;
      const take = (bytes: number): Uint8Array => {
        const taken = pointer.subarray(0, bytes);
        pointer = pointer.subarray(bytes);
        return taken;
      };
      for (const [thread, entry, priority] of [
        [thread_0, thread_0_entry, 4],
        [thread_1, thread_1_entry, 3],
      ] as const) {
        const stack = take(DEMO_STACK_SIZE);
        const [threshold, slice, start] = [priority, TX_NO_TIME_SLICE, TX_AUTO_START];
        const name = thread === thread_0 ? 'thread 0' : 'thread 1';
        yield* tx_thread_create(thread, name, entry, 0, stack, DEMO_STACK_SIZE, priority, threshold, slice, start);
      }
      yield* nx_system_initialize();
      check(yield* nx_packet_pool_create(pool_0, 'NetX Main Packet Pool', 1536, take(1600 * 16), 1600 * 16));
      for (const [ip, name, address] of [
        [ip_0, 'NetX IP Instance 0', IP_ADDRESS(1, 2, 3, 4)],
        [ip_1, 'NetX IP Instance 1', IP_ADDRESS(1, 2, 3, 5)],
      ] as const) {
        const driver = _nx_ram_network_driver_1500;
        check(yield* nx_ip_create(ip, name, address, 0xffffff00, pool_0, driver, take(2048), 2048, 1));
        check(yield* nx_arp_enable(ip, take(1024), 1024));
        check(yield* nx_udp_enable(ip));
      }
    },
  };
});
