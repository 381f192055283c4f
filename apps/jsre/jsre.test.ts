/** The programs of the document as they were published, and the one that answers its question. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jsreFirmware, World, type Firmware, type LanOptions } from 'txsim';

const folder = import.meta.dirname;
const program = (name: string, main: string): Firmware => jsreFirmware({ main, fs: `${folder}/${name}` });

interface Line {
  readonly device: string;
  readonly thread: string;
  /** Milliseconds since the start. */
  readonly time: number;
  readonly text: string;
}

/** A network at the addresses that the programs use. */
function place(devices: Readonly<Record<string, Firmware>>, server = '192.168.0.2', options: LanOptions = {}): World {
  const world = new World({ seed: 1 });
  const lan = world.lan({ subnet: '192.168.0.0/24', latency: '1ms', ...options });
  for (const [name, firmware] of Object.entries(devices)) {
    const isServer = name === 'server';
    world.device(name, { firmware, lan, ...(isServer ? { address: server } : { bootAt: '100ms' }) });
  }
  return world;
}

function lines(world: World, device: string): readonly Line[] {
  const printed = world.devices.get(device)?.output.lines ?? [];
  return printed.map(({ time, thread, text }) => ({ device, thread, time: time / 1e6, text }));
}

const texts = (world: World, device: string): readonly string[] => lines(world, device).map(({ text }) => text);

describe("the document's asynchronous server and client", () => {
  it('shake hands, exchange two messages, and part', () => {
    const world = place({ server: program('async', 'server.js'), client: program('async', 'client.js') });
    world.run({ until: '10s' });
    const [joined, ...rest] = texts(world, 'server');
    const remote = /^New client: (\{ domain: 2, addr: '192\.168\.0\.10', port: \d+ \})$/.exec(joined ?? '')?.[1];
    assert.ok(remote !== undefined, joined);
    assert.deepEqual(rest, [
      'Client: 192.168.0.10 Say: Hello I am client ^_^',
      'Client: 192.168.0.10 Say: Goodbye!',
      `Client lost: ${remote}`,
    ]);
    assert.deepEqual(world.leaks(), []);
  });

  it('do so over a network that loses one frame in twenty, with every seed of ten', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const world = new World({ seed });
      const lan = world.lan({ subnet: '192.168.0.0/24', latency: '1ms', loss: 0.05 });
      world.device('server', { firmware: program('async', 'server.js'), lan, address: '192.168.0.2' });
      world.device('client', { firmware: program('async', 'client.js'), lan });
      world.run({ until: '60s' });
      assert.match(texts(world, 'server').join('\n'), /^New client/, `seed ${seed}`);
    }
  });

  it('a client without a server goes on waiting, and the program with it', () => {
    const world = place({ client: program('async', 'client.js') });
    assert.equal(world.run({ until: '90s' }).reason, 'until');
    assert.deepEqual(texts(world, 'client'), []);
  });

  it('two runs with the same seed are the same', () => {
    const run = (): readonly Line[] => {
      const world = place(
        {
          server: program('async', 'server.js'),
          ann: program('async', 'client.js'),
          bob: program('async', 'client.js'),
        },
        '192.168.0.2',
        { loss: 0.1 },
      );
      world.run({ until: '60s' });
      return lines(world, 'server');
    };
    assert.deepEqual(run(), run());
  });
});

describe("the document's multi-task server", () => {
  it('gives its clients to its two tasks in turn', () => {
    const names = ['ann', 'bob', 'cid', 'dot'];
    const clients = names.map((name) => [name, program('async', 'client.js')] as const);
    const world = place({ server: program('multi-task', 'main.js'), ...Object.fromEntries(clients) });
    world.run({ until: '20s' });
    const heard = lines(world, 'server').filter(({ text }) => text.includes('Goodbye!'));
    assert.equal(heard.length, names.length);
    for (const task of ['task.js#2', 'task.js#3']) {
      assert.equal(heard.filter(({ thread }) => thread === task).length, 2, task);
    }
    assert.equal(lines(world, 'server').filter(({ text }) => text.startsWith('Client lost')).length, names.length);
    assert.deepEqual(world.leaks(), []);
  });
});

describe('the examples of synchronous calls', () => {
  it('an echo', () => {
    const world = place({ server: program('sync', 'server.js'), client: program('sync', 'client.js') }, '192.168.0.3');
    world.run({ until: '10s' });
    assert.deepEqual(texts(world, 'client'), ['received: Hello Packet!']);
    const [joined, ...rest] = texts(world, 'server');
    assert.match(joined ?? '', /^New remote connected: \{ domain: 2/);
    assert.deepEqual(rest, ['received: Hello Packet!', 'recv error: Connection reset by peer']);
  });

  it('a client that nobody answers hears of it after a minute', () => {
    const world = place({ client: program('sync', 'client.js') });
    world.run({ until: '120s' });
    const [line] = lines(world, 'client');
    assert.equal(line?.text, 'connect error: Timed out');
    assert.ok(line.time > 60_000 && line.time < 61_000, String(line.time));
  });
});

/** A client that sends what opens a handshake, and is silent from then on. */
const SILENT = `
var Dtls = require('dtls');
var client = Dtls.createClient({}, Dtls.sockaddr('192.168.0.2', 2049), function () {});
sys.sleep(100);
client.close();
require('iosched').forever();
`;

/** A client that says something every 20 ms. */
const CHATTY = `
var Dtls = require('dtls');
var client = Dtls.createClient({}, Dtls.sockaddr('192.168.0.2', 2049), 3000);
for (var number = 0; number < 100; number++) {
  client.send('word ' + number);
  sys.sleep(20);
}
client.close();
`;

describe('a client that falls silent in the middle of its handshake', () => {
  /** The longest that a chatty client of the same task had to wait for its words to be heard, in milliseconds. */
  const longestSilence = (server: Firmware): number => {
    const world = new World({ seed: 1 });
    const lan = world.lan({ subnet: '192.168.0.0/24', latency: '20ms' });
    const script = (source: string): Firmware => jsreFirmware({ main: 'main.js', fs: { 'main.js': source } });
    world.device('server', { firmware: server, lan, address: '192.168.0.2' });
    world.device('chatty', { firmware: script(CHATTY), lan });
    // The second client goes to the other task, the third to the one that serves the first.
    world.device('other', { firmware: program('async', 'client.js'), lan, bootAt: '500ms' });
    world.device('silent', { firmware: script(SILENT), lan, bootAt: '1s' });
    world.run({ until: '5s' });
    const heard = lines(world, 'server').filter(({ text }) => text.includes('Say: word'));
    assert.equal(heard.length, 100);
    return Math.max(...heard.slice(1).map(({ time }, nth) => time - (heard[nth]?.time ?? 0)));
  };

  it('holds up the published task for as long as its handshake may take', () => {
    assert.ok(longestSilence(program('multi-task', 'main.js')) > 450);
  });

  it('holds up nobody in the asynchronous one', () => {
    assert.ok(longestSilence(program('full-async', 'main.js')) < 50);
  });
});
