/** Two clients that wake at random; where both connect before the server's thread has looked, it forgets one of them. */
import { defineScenario, expectOutput, type Device } from 'txsim';
import client from '../psk-client.ts';
import { SERVER_ADDRESS } from '../psk-server.ts';
import server from './server.ts';

const isDone = (device: Device | undefined): boolean =>
  ['answered', 'no answer', 'cannot connect'].some((text) => device?.output.includes(text) === true);

export default defineScenario({
  description: 'a server keeps one pointer for the session that connects, and two clients connect at once',
  networks: { lan: { latency: '1ms', jitter: '1ms' } },
  devices: {
    server: { firmware: server, address: SERVER_ADDRESS },
    upstairs: { firmware: client, params: { wakes: '2000' } },
    downstairs: { firmware: client, params: { wakes: '2000' } },
  },
  expect: [expectOutput('upstairs', 'answered'), expectOutput('downstairs', 'answered')],
  until: '60s',
  stopWhen: ({ devices }) => isDone(devices.get('upstairs')) && isDone(devices.get('downstairs')),
});
