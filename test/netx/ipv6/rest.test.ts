import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { World, type TraceRecord } from 'txsim';
import { tx_thread_sleep } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { formatIpv6 } from '../../../netx/nxd-address.ts';
import { echoServer6, ipv6, ipv6Firmware, receiveText6, sendText6 } from '../../support/ipv6-firmware.ts';
import { PEER, peerWorld } from '../../support/nd-world.ts';

const HOUR = 3600 * 1e9;
const TICKS_IN_AN_HOUR = 3600 * 100;

/** How often an IP instance's timers have run, by their names. */
function timerRuns(world: World): Map<string, number> {
  const runs = new Map<string, number>();
  world.trace.listen(
    ({ event }: TraceRecord) => {
      if (event.type !== 'callback-begin' || !event.callback.endsWith(' timer')) return;
      const name = event.callback.replace(/^.*?(\w+ timer)$/, '$1');
      runs.set(name, (runs.get(name) ?? 0) + 1);
    },
    { detail: true },
  );
  return runs;
}

describe('the timers of a device with IPv6', () => {
  it('rest once its addresses are known to be unique and routers are no longer asked for: the world is idle', () => {
    const world = new World();
    world.device('server', { firmware: echoServer6(), lan: world.lan() });
    const runs = timerRuns(world);
    const { reason, time } = world.run();
    assert.equal(reason, 'idle');
    // The last of three router solicitations is 8 s after the first.
    assert.ok(time > 8e9 && time < 20e9, `${time}`);
    const fast = runs.get('fast timer') ?? 0;
    assert.ok(fast <= 1, `${fast}`);
  });

  it('go on when there is a neighbor to be asked for, in step with their seconds', () => {
    const firmware = ipv6Firmware(function* (network, socket) {
      yield* nx.nx_udp_socket_bind(socket, 9, 0);
      yield* tx_thread_sleep(TICKS_IN_AN_HOUR);
      yield* sendText6(network, socket, 'hello', ipv6(formatIpv6(PEER)), 9);
      yield* tx_thread_sleep(TICKS_IN_AN_HOUR);
    });
    const { world, peer } = peerWorld(firmware);
    peer.answers = false;
    const { reason, time } = world.run();
    assert.equal(reason, 'idle');
    assert.ok(time > 2 * HOUR && time < 2 * HOUR + 60e9);
    const asked = peer
      .of('neighbor-solicitation')
      .filter(({ nd, time: at }) => at > HOUR && formatIpv6(nd.target) === formatIpv6(PEER))
      .map(({ time: at }) => (at - HOUR) / 1e9);
    assert.equal(asked.length, 3);
    const [first = 0, second = 0, third = 0] = asked;
    assert.ok(
      second - first > 0.9 && second - first < 1.2 && third - second > 0.9 && third - second < 1.2,
      asked.join(', '),
    );
    // The packet that waited for it is not held.
    assert.deepEqual(world.leaks(), []);
  });

  it('an hour of idling costs no more than a minute, and two devices still find each other after it', () => {
    const world = new World();
    const lan = world.lan();
    world.device('server', { firmware: echoServer6({ addresses: ['2001:db8::1'] }), lan });
    const texts: string[] = [];
    const client = ipv6Firmware(
      function* (network, socket) {
        yield* nx.nx_udp_socket_bind(socket, 9, 0);
        for (let round = 0; round < 3; round++) {
          yield* sendText6(network, socket, `round ${round}`, ipv6('2001:db8::1'), 7);
          texts.push((yield* receiveText6(socket, 500)).text);
          yield* tx_thread_sleep(TICKS_IN_AN_HOUR);
        }
      },
      { addresses: ['2001:db8::2'] },
    );
    world.device('client', { firmware: client, lan });
    const runs = timerRuns(world);
    assert.equal(world.run().reason, 'idle');
    assert.deepEqual(texts, ['round 0', 'round 1', 'round 2']);
    const seconds = runs.get('periodic timer') ?? 0;
    // Two devices for three hours would be 21,600 of them; what grows stale is counted for half a minute each time.
    assert.ok(seconds < 400, `${seconds}`);
  });
});
