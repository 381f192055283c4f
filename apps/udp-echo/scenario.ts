/** A UDP echo server and a client, on a network with a latency that can be seen in ticks, and some loss. */
import { defineScenario, expectOutput, noLeaks, noStalls } from 'txsim';
import { client, server } from './firmware.ts';

export default defineScenario({
  description: 'UDP lines go to a server and come back, most of them',
  seed: 1,
  networks: { lan: { latency: '15ms', loss: 0.1 } },
  devices: {
    server: { firmware: server, address: '192.168.1.150' },
    client: { firmware: client },
  },
  expect: [expectOutput('client', 'done'), noLeaks(), noStalls()],
  until: '30s',
  stopWhen: (world) => world.devices.get('client')?.output.includes('done') === true,
});
