/** A client on a small processor gives its handshake one second, and each time gives up when it has computed its part. */
import { defineScenario, expectOutput } from 'txsim';
import server from '../../dtls-echo/server.ts';
import client from './client.ts';

export default defineScenario({
  description: 'a client waits shorter than its handshake takes on a small processor',
  networks: { lan: { latency: '5ms' } },
  devices: {
    server: { firmware: server, address: '192.168.1.150' },
    client: { firmware: client, cpu: 'cortex-m0plus-64mhz' },
  },
  expect: [expectOutput('client', 'NX_SUCCESS')],
  until: '60s',
  stopWhen: ({ devices }) => devices.get('client')?.output.includes('done') === true,
});
