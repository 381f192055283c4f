import { defineFirmware, World } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  tx_thread_create,
  tx_thread_sleep,
  type Thread,
} from 'txsim/tx_api';
import {
  NX_IP,
  NX_IP_INITIALIZE_DONE,
  NX_PACKET,
  NX_PACKET_POOL,
  NX_WAIT_FOREVER,
  nx_ip_create,
  nx_ip_status_check,
  nx_packet_pool_create,
  nx_packet_release,
  NXD_ADDRESS,
  nxd_icmp_enable,
  nxd_icmp_ping,
  nxd_ipv6_address_set,
  nxd_ipv6_enable,
} from 'txsim/nx_api';

const firmware = defineFirmware((board) => {
  const [pool, ip, thread] = [new NX_PACKET_POOL(), new NX_IP(), new TX_THREAD()];

  function* main(): Thread {
    yield* nx_ip_status_check(ip, NX_IP_INITIALIZE_DONE, out(), NX_WAIT_FOREVER);
    // The link-local address: NULL and a prefix of 10 bits.
    yield* nxd_ipv6_address_set(ip, 0, null, 10, null);
    yield* tx_thread_sleep(500);
    const peer = new NXD_ADDRESS();
    peer.nxd_ip_version = 6;
    peer.nxd_ip_address.v6.set([0xfe800000, 0, 0x000000ff, 0xfe000001]);
    const response = out<NX_PACKET>();
    const status = yield* nxd_icmp_ping(ip, peer, 'hello', 5, response, 100);
    board.print(`ping: ${status}`);
    if (status === 0) yield* nx_packet_release(response.value);
  }

  return {
    *tx_application_define(memory) {
      const { network_driver, ip_address, network_mask } = board;
      yield* nx_packet_pool_create(pool, 'pool', 1536, memory.subarray(0, 32_000), 32_000);
      const stack = memory.subarray(32_000, 34_000);
      yield* nx_ip_create(ip, 'IP', ip_address, network_mask, pool, network_driver, stack, 2000, 1);
      yield* nxd_ipv6_enable(ip);
      yield* nxd_icmp_enable(ip);
      const room = memory.subarray(34_000, 36_000);
      yield* tx_thread_create(thread, 'main', main, 0, room, 2000, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
    },
  };
});

const world = new World();
const lan = world.lan();
world.device('one', { firmware, lan });
const two = world.device('two', { firmware, lan });
world.run({ until: '10s' });
console.log(two.output.toString()); // ping: 0
