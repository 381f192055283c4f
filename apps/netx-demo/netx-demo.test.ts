import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { World } from 'txsim';
import demo from './demo_netx_duo_udp.ts';

describe('the UDP demonstration', () => {
  it('sends, receives and answers without an error or a leak, the same in every run', () => {
    const outputs = [1, 2].map(() => {
      const world = new World();
      const device = world.device('device', { firmware: demo });
      world.run({ until: '5s' });
      assert.deepEqual(world.leaks(), []);
      return device.output;
    });
    const [first, second] = outputs;
    assert.deepEqual(first?.lines, second?.lines);
    const rounds = [1, 2, 3, 4, 5].flatMap((round) => [
      'received ABCDEFGHIJKLMNOPQRSTUVWXYZ',
      `round ${round}: 26 bytes are back`,
    ]);
    assert.equal(first?.toString(), [...rounds, 'done, 0 errors'].join('\n'));
  });
});
