import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import { describe, it } from 'node:test';
import { buildWorld, defineScenario, type World } from 'txsim';
import { client, server } from '../../apps/udp-echo/firmware.ts';
import { parseConnect, parseListen } from '../../sim/host/endpoints.ts';
import { openBridge } from '../../sim/host/open-bridge.ts';
import { connectSocket } from '../../sim/host/udp-socket.ts';
import { startRealTime } from '../support/real-time-world.ts';

/** A UDP socket of a real peer on the loopback interface, and what comes to it. */
class RealPeer {
  readonly #socket = dgram.createSocket('udp4');
  readonly received: { readonly text: string; readonly port: number }[] = [];

  constructor() {
    this.#socket.on('message', (bytes, { port }) => this.received.push({ text: bytes.toString('latin1'), port }));
  }

  /** Binds it; gives its port. */
  async open(port = 0): Promise<number> {
    await new Promise<void>((resolve) => {
      this.#socket.bind(port, '127.0.0.1', resolve);
    });
    return this.#socket.address().port;
  }

  /** Answers everything with the same bytes. */
  echo(): void {
    this.#socket.on('message', (bytes, { port }) => this.#socket.send(bytes, port, '127.0.0.1'));
  }

  send(text: string, port: number): void {
    this.#socket.send(Buffer.from(text, 'latin1'), port, '127.0.0.1');
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#socket.close(() => resolve());
    });
  }
}

/** A port that nobody has at the moment. */
async function freePort(): Promise<number> {
  const peer = new RealPeer();
  const port = await peer.open();
  await peer.close();
  return port;
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 5000; !holds();) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Counts the IPv4 fragments that the bridge sends. */
function countFragments(world: World): () => number {
  let count = 0;
  world.trace.listen(({ event }) => {
    if (event.type !== 'frame-sent' || event.bytes[12] !== 8 || event.bytes[13] !== 0) return;
    // More fragments, or an offset.
    if (((event.bytes[20] ?? 0) & 0x3f) !== 0 || (event.bytes[21] ?? 0) !== 0) count++;
  });
  return () => count;
}

describe('the way in', () => {
  it('brings every peer its own answers', async () => {
    const port = await freePort();
    const device = await startRealTime(server, {}, { listen: `127.0.0.1:${port}=device:7` });
    const peers = [new RealPeer(), new RealPeer(), new RealPeer()];
    try {
      await device.until('echoing');
      for (const peer of peers) await peer.open();
      for (const text of ['one', 'two']) {
        for (const [index, peer] of peers.entries()) peer.send(`${text} of ${index}`, port);
        const count = text === 'one' ? 1 : 2;
        await until(`answer ${text}`, () => peers.every(({ received }) => received.length === count));
      }
      assert.deepEqual(
        peers.map(({ received }) => received),
        [0, 1, 2].map((index) => ['one', 'two'].map((text) => ({ text: `${text} of ${index}`, port }))),
      );
    } finally {
      await Promise.all(peers.map((peer) => peer.close()));
      await device.stop();
    }
  });

  it('carries what is longer than a frame in fragments, which a device may not want', async () => {
    const port = await freePort();
    const device = await startRealTime(server, {}, { listen: `127.0.0.1:${port}=device:7` });
    const fragments = countFragments(device.world);
    const peer = new RealPeer();
    try {
      await device.until('echoing');
      await peer.open();
      for (const length of [1473, 0, 1472]) peer.send('x'.repeat(length), port);
      await until('answers', () => peer.received.length === 2);
      assert.deepEqual(
        peer.received.map(({ text }) => text.length),
        [0, 1472],
      );
      assert.equal(fragments(), 2);
    } finally {
      await peer.close();
      await device.stop();
    }
  });

  it('is closed again: its port is free for others', async () => {
    const port = await freePort();
    const device = await startRealTime(server, {}, { listen: `127.0.0.1:${port}=device:7` });
    await device.stop();
    const next = new RealPeer();
    assert.equal(await next.open(port), port);
    await next.close();
  });

  it('is refused where the port is taken, with the address and what to do', async () => {
    const other = new RealPeer();
    const port = await other.open();
    const world = buildWorld(defineScenario({ devices: { device: { firmware: server } } }));
    try {
      await assert.rejects(openBridge(world, [parseListen(`127.0.0.1:${port}=device:7`)], []), (error: Error) => {
        assert.match(error.message, new RegExp(`^127\\.0\\.0\\.1:${port} cannot be listened on: .*EADDRINUSE`));
        return true;
      });
    } finally {
      await other.close();
    }
  });

  it('is refused where there is no such device; what was opened before is closed', async () => {
    const world = buildWorld(defineScenario({ devices: { device: { firmware: server } } }));
    const port = await freePort();
    const rules = [`127.0.0.1:${port}=device:7`, `127.0.0.1:${await freePort()}=devcie:7`].map(parseListen);
    await assert.rejects(openBridge(world, rules, []), /there is no device 'devcie'/);
    const next = new RealPeer();
    assert.equal(await next.open(port), port);
    await next.close();
  });
});

describe('the way out', () => {
  it('leads to a real peer and back', async () => {
    const peer = new RealPeer();
    peer.echo();
    const port = await peer.open();
    const device = await startRealTime(client, {}, { connect: `192.168.1.150:7=127.0.0.1:${port}` });
    try {
      await device.until("'line 1' is back");
      assert.equal(peer.received[0]?.text, 'line 1');
    } finally {
      await device.stop();
      await peer.close();
    }
  });

  it('says what the host says when nobody is there, and goes on', async () => {
    const problems: string[] = [];
    const answers: string[] = [];
    const port = await freePort();
    const socket = await connectSocket(
      { address: '127.0.0.1', port },
      (bytes) => answers.push(Buffer.from(bytes).toString('latin1')),
      (text) => problems.push(text),
    );
    const peer = new RealPeer();
    try {
      socket.send(Buffer.from('lost'));
      await until('a refusal', () => problems.length > 0);
      assert.match(problems.join('\n'), /ECONNREFUSED/);
      await peer.open(port);
      peer.echo();
      socket.send(Buffer.from('found'));
      await until('an answer', () => answers.length > 0);
      assert.deepEqual(answers, ['found']);
    } finally {
      await socket.close();
      await peer.close();
    }
  });
});

describe('a world without ways', () => {
  it('needs no network', async () => {
    const bridge = await openBridge(buildWorld(defineScenario({ devices: {} })), [], []);
    await bridge.close();
  });

  it('is not to be had with ways and without a network', async () => {
    const world = buildWorld(defineScenario({ networks: {}, devices: {} }));
    await assert.rejects(
      openBridge(world, [], [parseConnect('10.0.0.9:1=127.0.0.1:2')]),
      /a world without a network cannot be joined to the host/,
    );
  });
});
