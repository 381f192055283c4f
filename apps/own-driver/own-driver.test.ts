import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { World, type FrameRule, type FrameView } from 'txsim';
import { client, server } from './firmware.ts';

interface Run {
  readonly result: string;
  readonly world: World;
  readonly frames: readonly Uint8Array[];
}

/** Lets client and server talk until the client has said what came back; then a second more for what is on its way. */
function run(params: Readonly<Record<string, string>>, rules: readonly FrameRule[] = []): Run {
  const world = new World({ seed: 3 });
  const lan = world.lan({ rules });
  const frames: Uint8Array[] = [];
  world.trace.listen(({ event }) => {
    if (event.type === 'frame-sent') frames.push(event.bytes.slice());
  });
  world.device('server', { firmware: server, lan, address: '192.168.1.150', params });
  const device = world.device('client', { firmware: client, lan, params });
  world.run({ until: '100s', stopWhen: () => device.output.includes('came back') });
  world.run({ until: world.clock.now + 2e9 });
  return { result: device.output.toString(), world, frames };
}

const drivers = ['own', 'board'] as const;

describe('a driver of one’s own, beside the built-in one', () => {
  for (const [name, size, payload] of [
    ['short datagrams, whose frames are padded', '3', '1568'],
    ['the longest that one frame takes', '1472', '1568'],
    ['datagrams over chained packets', '1200', '256'],
    ['datagrams over many packets of odd sizes', '999', '132'],
  ] as const) {
    it(`${name}: the same frames`, () => {
      const [own, board] = drivers.map((driver) => run({ driver, size, payload, count: '20' }));
      assert(own !== undefined && board !== undefined);
      assert.equal(own.result, '20 of 20 came back whole');
      assert.equal(board.result, own.result);
      assert.deepEqual(own.frames, board.frames);
      for (const { world } of [own, board]) assert.deepEqual(world.leaks(), []);
    });
  }

  it('1,000 datagrams pass, and every packet is back', () => {
    for (const driver of drivers) {
      const { result, world } = run({ driver, count: '1000', size: '700', payload: '512' });
      assert.equal(result, '1000 of 1000 came back whole');
      assert.deepEqual(world.leaks(), []);
    }
  });

  it('one that does not fit the transmit ring is given up, and nothing leaks', () => {
    // Of 64 bytes each, more than 16 packets, which is what the ring has.
    const { result, world } = run({ driver: 'own', count: '3', size: '1400', payload: '64' });
    assert.equal(result, '0 of 3 came back whole');
    assert.deepEqual(world.leaks(), []);
    assert.equal(run({ driver: 'board', count: '3', size: '1400', payload: '64' }).result, '3 of 3 came back whole');
  });

  it('frames that are lost or come several times do no harm', () => {
    const isDatagram = ({ bytes }: FrameView): boolean => bytes[23] === 17;
    for (const driver of drivers) {
      let count = 0;
      const rule: FrameRule = (frame) => {
        if (!isDatagram(frame)) return { action: 'pass' };
        count++;
        // The sixth is lost; the eighth comes twelve times at once, which is more than the receive ring holds.
        if (count === 6) return { action: 'drop' };
        return count === 8 ? { action: 'duplicate', copies: 11 } : { action: 'pass' };
      };
      const { result, world } = run({ driver, count: '10', size: '100' }, [rule]);
      assert.match(result, /of 10 came back whole/);
      assert.deepEqual(world.leaks(), []);
    }
  });
});
