import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { buildWorld, capturePcapng, type DefinedScenario } from 'txsim';
import blinky from '../../apps/blinky/main.ts';
import dtlsEcho from '../../apps/dtls-echo/scenario.ts';
import dhcp from '../../apps/dhcp/scenario.ts';
import leakedPacket from '../../apps/mistakes/leaked-packet/scenario.ts';
import netxDemo from '../../apps/netx-demo/demo_netx_duo_udp.ts';
import ownDriver from '../../apps/own-driver/scenario.ts';
import udpEcho from '../../apps/udp-echo/scenario.ts';
import { scenarioOf } from '../../sim/scenario/scenario.ts';

/** Capture and console of a run, as one hash. */
function fingerprint(scenario: DefinedScenario, seed: number): string {
  const world = buildWorld(scenario, { seed });
  const hash = createHash('sha256');
  capturePcapng(
    world.trace,
    world.lans.map((lan) => lan.name),
    (chunk) => hash.update(chunk),
  );
  const { stopWhen } = scenario;
  world.run({ until: scenario.until ?? '10s', ...(stopWhen === undefined ? {} : { stopWhen: () => stopWhen(world) }) });
  for (const { output } of world.devices.values()) {
    for (const { time, thread, text } of output.lines) hash.update(`${time} ${thread} ${text}\n`);
  }
  return hash.digest('hex');
}

describe('the examples, run twice', () => {
  for (const [name, scenario] of [
    ['dtls-echo', dtlsEcho],
    ['udp-echo', udpEcho],
    ['blinky', scenarioOf(blinky)],
    ['dhcp', dhcp],
    ['leaked-packet', leakedPacket],
    ['netx-demo', scenarioOf(netxDemo)],
    ['own-driver', ownDriver],
  ] as const) {
    it(`${name}: the same seed gives the same bytes`, () => {
      for (const seed of [1, 2, 3]) assert.equal(fingerprint(scenario, seed), fingerprint(scenario, seed));
    });
  }

  it('another seed gives another run', () => {
    assert.notEqual(fingerprint(dtlsEcho, 1), fingerprint(dtlsEcho, 2));
  });

  it('dtls-echo succeeds under a hundred seeds, and leaks nothing', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const world = buildWorld(dtlsEcho, { seed });
      const { stopWhen } = dtlsEcho;
      const result = world.run({ until: '120s', stopWhen: () => stopWhen?.(world) === true });
      assert.equal(result.reason, 'stopped', `seed ${seed}`);
      const output = world.devices.get('client')?.output;
      assert(output?.includes("received 'hello'"), `seed ${seed}:\n${String(output)}`);
      assert.deepEqual(world.leaks(), [], `seed ${seed}`);
    }
  });
});
