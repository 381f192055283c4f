/** How often a second a packet is taken from its pool and given back: by the stack's own code, and by the services. */
import { defineFirmware, World } from 'txsim';
import * as nx from 'txsim/nx_api';
import { out } from 'txsim/tx_api';
import { packetRelease, takePacket } from '../../netx/packet-pool.ts';
import { stopwatch } from './dtls/stopwatch.ts';

const ROUNDS = 7;
const TIMES = 3_000_000;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Millions a second of processor time. */
const rate = (spent: () => number): number => TIMES / spent() / 1e6;

const world = new World();
const device = world.device('device', {
  firmware: defineFirmware(() => ({
    *tx_application_define(memory) {
      const pool = new nx.NX_PACKET_POOL();
      const packet = out<nx.NX_PACKET>();
      const [stack, services]: [number[], number[]] = [[], []];
      yield* nx.nx_packet_pool_create(pool, 'pool', 1536, memory.subarray(0, 40_000), 40_000);
      for (let round = 0; round < ROUNDS; round++) {
        let spent = stopwatch();
        for (let count = 0; count < TIMES; count++) {
          const taken = takePacket(device.kernel, pool, nx.NX_UDP_PACKET);
          if (taken !== null) packetRelease(device.kernel, taken);
        }
        stack.push(rate(spent));
        spent = stopwatch();
        for (let count = 0; count < TIMES; count++) {
          yield* nx.nx_packet_allocate(pool, packet, nx.NX_UDP_PACKET, nx.NX_NO_WAIT);
          yield* nx.nx_packet_release(packet.value);
        }
        services.push(rate(spent));
      }
      console.log(`A packet taken and given back, Node ${process.version}, median of ${ROUNDS}, by processor time.`);
      console.log(`  by the stack      ${median(stack).toFixed(1).padStart(6)} million /s`);
      console.log(`  by the services   ${median(services).toFixed(1).padStart(6)} million /s`);
    },
  })),
});
world.run();
