/** A server that shakes hands in connect_notify: the IP thread waits for packets that only the IP thread could bring. */
import { defineScenario, expectOutput, noStalls } from 'txsim';
import client from '../psk-client.ts';
import { SERVER_ADDRESS } from '../psk-server.ts';
import server from './server.ts';

export default defineScenario({
  description: 'a server shakes hands in connect_notify, and its network stands still',
  networks: { lan: { latency: '1ms' } },
  devices: {
    server: { firmware: server, address: SERVER_ADDRESS },
    client: { firmware: client },
  },
  expect: [expectOutput('client', 'answered'), noStalls()],
  until: '30s',
});
