/** Two clients of a server that remembers one: whether both are served depends on when they boot. */
import { defineScenario, expectOutput } from 'txsim';
import client from '../../../apps/dtls-echo/client.ts';
import server from './one-pointer-server.ts';

const params = { auth: 'psk' };

export default defineScenario({
  description: 'two clients connect to a server that keeps new sessions in one variable',
  networks: { lan: { latency: '1ms' } },
  devices: {
    server: { firmware: server, address: '192.168.1.150', params },
    ann: { firmware: client, params, bootAt: '1s' },
    bob: { firmware: client, params, bootAt: '1.5s' },
  },
  expect: [expectOutput('ann', 'sent', { by: '8s' }), expectOutput('bob', 'sent', { by: '8s' })],
  until: '10s',
  explore: {
    networks: { lan: { latency: ['200us', '5ms'], jitter: [0, '1ms'] } },
    bootWithin: '1s',
    timing: 0.05,
  },
});
