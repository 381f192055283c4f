import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildWorld } from 'txsim';
import scenario from './scenario.ts';

describe('apps/dhcp', () => {
  it('gets an address on a network that loses frames, and renews its lease', () => {
    const world = buildWorld(scenario);
    world.run({ until: '1000s' });
    const lines = world.devices.get('device')?.output.lines.map(({ text }) => text) ?? [];
    assert(lines.includes('address 192.168.1.100, mask 255.255.255.0, from 192.168.1.2'));
    assert(lines.includes('router 192.168.1.1, DNS 192.168.1.53'));
    assert(lines.includes('DHCP: renewing'));
    assert.equal(lines.filter((line) => line === 'DHCP: init').length, 1);
    assert.deepEqual(world.leaks(), []);
  });
});
