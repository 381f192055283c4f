import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulationError, World } from 'txsim';
import client from '../../../apps/dtls-echo/client.ts';
import { QUIRKS } from '../../../secure/quirks.ts';
import { connect, hear, runDtlsWorld, say } from '../../support/dtls-world.ts';
import { SCENARIOS } from './scenarios.ts';

describe('quirks of the shipped library', () => {
  for (const { name } of QUIRKS) {
    const scenario = SCENARIOS[name];
    it(`${name}: not unless asked for`, () => {
      assert.deepEqual(scenario.observe({}), scenario.without);
    });
    it(`${name}: as the library has it`, () => {
      assert.deepEqual(scenario.observe({ NX_SECURE_QUIRKS: name }), scenario.with);
    });
  }

  it('all at once: a handshake and an echo still work', () => {
    const config = { NX_SECURE_QUIRKS: 'all' };
    const results: string[] = [];
    runDtlsWorld({
      serverConfig: config,
      clientConfig: config,
      *client(bench) {
        results.push(yield* connect(bench));
        yield* say(bench, 'hello');
        results.push(yield* hear(bench));
      },
    });
    assert.deepEqual(results, ['NX_SUCCESS (0x00)', 'hello']);
  });

  it('a name that is no quirk is refused, with those that are', () => {
    const world = new World();
    assert.throws(
      () => world.device('device', { firmware: client, config: { NX_SECURE_QUIRKS: 'one-psk-less, no-such' } }),
      (error) => {
        assert(error instanceof SimulationError);
        assert.equal(error.message, "device 'device': NX_SECURE_QUIRKS names 'no-such', which is no quirk");
        assert.match(error.fix ?? '', /bad-record-alert/);
        return true;
      },
    );
  });
});
