/** Eight meters send their readings at the full second to a collector that has four packets. */
import { defineScenario, expectOutput } from 'txsim';
import { collector, meter } from './firmware.ts';

const meters = ['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8'];

export default defineScenario({
  description: 'a collector has fewer packets than its meters send at once',
  networks: { lan: { latency: '1ms' } },
  devices: {
    collector: { firmware: collector, address: '192.168.1.150' },
    ...Object.fromEntries(
      meters.map((name, index) => [name, { firmware: meter, params: { number: String(index + 1) } }]),
    ),
  },
  expect: meters.map((name) => expectOutput(name, 'done: 5 of 5')),
  until: '30s',
  stopWhen: ({ devices }) => meters.every((name) => devices.get(name)?.output.includes('done') === true),
});
