/** A thermometer that loses a packet with every request that is too short, until it has none left to hear with. */
import { defineScenario, expectOutput } from 'txsim';
import { panel, thermometer } from './firmware.ts';

export default defineScenario({
  description: 'a thermometer leaks a packet on one error path, and goes deaf',
  networks: { lan: { latency: '1ms' } },
  devices: {
    thermometer: { firmware: thermometer, address: '192.168.1.150' },
    panel: { firmware: panel },
  },
  expect: [expectOutput('panel', /^20: answered/)],
  until: '60s',
  stopWhen: (world) => world.devices.get('panel')?.output.includes('done') === true,
});
