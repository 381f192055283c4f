import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as txsim from 'txsim';
import { at, checkScenario, connected, every, expectOutput, faults, noLeaks, reboot } from 'txsim';
import client from '../../apps/dtls-echo/client.ts';
import server from '../../apps/dtls-echo/server.ts';
import { EXIT } from '../../sim/cli/exit-codes.ts';
import { DeviceObjects } from '../../sim/device-objects.ts';
import { readDocument } from './document.ts';

const { text } = readDocument('docs/scenarios.md');

/** The functions that the page shows being called, in its tables. */
const called = new Set([...text.matchAll(/`([a-z]\w+)\(/g)].map(([, name]) => name ?? ''));

describe('docs/scenarios.md', () => {
  it('names verbs and expectations that exist, and all of them', () => {
    const all = [
      [
        'reboot',
        'powerOff',
        'powerOn',
        'partition',
        'heal',
        'linkDown',
        'linkUp',
        'faults',
        'clockJump',
        'sendDatagram',
        'interrupt',
      ],
      ['at', 'every'],
      ['expectOutput', 'connected', 'eventually', 'never', 'always', 'noLeaks', 'noStalls', 'check'],
    ].flat();
    for (const name of all) {
      assert(name in txsim, name);
      assert(called.has(name), `${name} is not on the page`);
    }
  });

  it('names every way to find an object of a device', () => {
    const ways = Object.getOwnPropertyNames(DeviceObjects.prototype).filter((name) => name !== 'constructor');
    for (const way of ways) assert(text.includes(`\`${way}\``), way);
  });

  it('has every exit code', () => {
    for (const code of Object.values(EXIT)) assert.match(text, new RegExp(`^\\| ${code} +\\|`, 'm'));
  });

  it('shows a scenario that holds', () => {
    checkScenario({
      seed: 7,
      networks: { lan: { latency: '1ms', loss: 0.05 } },
      devices: {
        server: { firmware: server, address: '192.168.1.150' },
        client: { firmware: client, cpu: 'cortex-m4-120mhz', clock: { skew: '50ppm' } },
      },
      timeline: [
        at('5s', faults('lan', { loss: 0.2 })),
        at('10s', reboot('server', { off: '2s' })),
        every('20s', reboot('client'), { from: '20s', until: '60s' }),
      ],
      expect: [
        connected('client', 'server', { by: '60s' }),
        expectOutput('client', /^received/, { times: 2 }),
        noLeaks(),
      ],
      until: '120s',
    });
  });
});
