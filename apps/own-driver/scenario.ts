/** A server and a client that work the board's Ethernet controller with a driver of their own. */
import { defineScenario, expectOutput, noLeaks, noStalls } from 'txsim';
import { client, server } from './firmware.ts';

export default defineScenario({
  description: 'UDP echo over a driver of the firmware’s own',
  networks: { lan: { latency: '200us' } },
  devices: {
    server: { firmware: server, address: '192.168.1.150' },
    client: { firmware: client },
  },
  expect: [expectOutput('client', 'came back whole'), noLeaks(), noStalls()],
  until: '30s',
  stopWhen: (world) => world.devices.get('client')?.output.includes('came back') === true,
});
