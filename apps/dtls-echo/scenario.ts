/** An echo server and a client, on a network that loses one frame in twenty. */
import { connected, defineScenario, expectOutput, noLeaks, noStalls } from 'txsim';
import client from './client.ts';
import server from './server.ts';

export default defineScenario({
  description: 'a DTLS client talks to an echo server over a lossy network',
  seed: 7,
  networks: { lan: { latency: '1ms', jitter: '200us', loss: 0.05 } },
  devices: {
    server: { firmware: server, address: '192.168.1.150' },
    client: { firmware: client },
  },
  until: '120s',
  stopWhen: (world) => {
    const client_output = world.devices.get('client')?.output;
    return client_output?.includes('done') === true || client_output?.includes('cannot connect') === true;
  },
  expect: [
    connected('client', 'server', { by: '60s' }),
    expectOutput('server', /^echoing/),
    expectOutput('client', /^received/),
    noLeaks(),
    noStalls(),
  ],
  outputs: { pcap: 'txsim-out/run.pcapng' },
});
