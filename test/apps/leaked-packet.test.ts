import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { buildWorld, type World } from 'txsim';
import { readDocument } from '../docs/document.ts';
import scenario from '../../apps/mistakes/leaked-packet/scenario.ts';
import { CLI } from '../support/cli.ts';

const FIRMWARE = 'apps/mistakes/leaked-packet/firmware.ts';
const SCENARIO = 'apps/mistakes/leaked-packet/scenario.ts';

/** The line on which the thermometer receives. */
const line = readFileSync(FIRMWARE, 'utf8')
  .split('\n')
  .findIndex((text) => text.includes('nx_udp_socket_receive(socket, packet,'));

function runScenario(params: Readonly<Record<string, string>> = {}): World {
  const world = buildWorld(scenario, { params });
  const { stopWhen } = scenario;
  assert(stopWhen !== undefined);
  world.run({ until: '60s', stopWhen: () => stopWhen(world) });
  return world;
}

const answers = (world: World): number =>
  world.devices.get('panel')?.output.lines.filter(({ text }) => text.includes('answered')).length ?? 0;

describe('apps/mistakes/leaked-packet', () => {
  it('leaks the whole pool and goes deaf; the report names the line that got the packets', () => {
    const world = runScenario();
    const [leak, ...others] = world.leaks();
    assert.deepEqual(others, []);
    assert.deepEqual([leak?.device, leak?.thread, leak?.service], ['thermometer', 'main', 'nx_udp_socket_receive']);
    assert.equal(leak?.count, 12);
    assert(leak.site?.endsWith(`/${FIRMWARE}:${line + 1}`), leak.site ?? 'no line');
    assert.equal(answers(world), 11);
  });

  it('fixed, it answers every question and leaks nothing', () => {
    const world = runScenario({ fixed: 'yes' });
    assert.deepEqual(world.leaks(), []);
    assert.equal(answers(world), 20);
  });

  it('is told by txsim run, as the README says', () => {
    const { status, stdout } = spawnSync(process.execPath, [...CLI, 'run', SCENARIO], { encoding: 'utf8' });
    assert.equal(status, 1);
    const [story = '', report = ''] = readDocument('apps/mistakes/leaked-packet/README.md').blocks('text');
    // Folders differ from machine to machine, and times by what the stack's services cost.
    const comparable = (text: string): string =>
      text.replace(/(file:\S*|…)\/(?=firmware\.ts)/, '…/').replaceAll(/^ *[\d.]+ s/gm, '');
    const printed = comparable(stdout);
    for (const block of [story, report]) {
      assert.notEqual(block, '');
      assert(printed.includes(comparable(block)), printed);
    }
    assert.match(report, new RegExp(`firmware\\.ts:${line + 1}$`, 'm'));
  });
});
