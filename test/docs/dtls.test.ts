import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { World } from 'txsim';
import { echoClient, type ClientParts } from './echo-client.ts';
import { echoServer } from './echo-server.ts';

function played(parts: ClientParts, sessions: number): { readonly client: string; readonly server: string } {
  const world = new World({ seed: 1 });
  const lan = world.lan();
  const address = '192.168.1.150';
  const params = { sessions: String(sessions) };
  const server = world.device('server', { firmware: echoServer, lan, address, params });
  const client = world.device('client', { firmware: echoClient(parts), lan });
  world.run({ until: '60s' });
  assert.deepEqual(world.leaks(), []);
  return { client: client.output.toString(), server: server.output.toString() };
}
describe('x', () => {
  it('y', () => {
    console.log(played({ host: 'device', crl: null }, 3));
    console.log(played({ host: 'localhost', crl: null }, 3));
  });
});
