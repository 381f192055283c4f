import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { World } from 'txsim';
import client from '../../apps/dtls-echo/client.ts';
import server from '../../apps/dtls-echo/server.ts';
import { IP_ADDRESS } from 'txsim/nx_api';
import type { Attachment } from '../../sim/network/lan.ts';
import { RandomSource } from '../../sim/random.ts';
import { buildUdpFrame } from '../../sim/host/udp-frame.ts';

const SERVER = IP_ADDRESS(192, 168, 1, 150);
const SERVER_HARDWARE = { msw: 0x0200, lsw: 1 };
const ATTACKER_HARDWARE = { msw: 0x02aa, lsw: 0xbad };

/** A world with the echo server, a place on its network for an attacker, and everything that was on the wire. */
function underAttack(): {
  world: World;
  attacker: Attachment;
  seen: Uint8Array[];
  reactions: Map<string, number>;
} {
  const world = new World({ seed: 11 });
  const lan = world.lan();
  const seen: Uint8Array[] = [];
  const reactions = new Map<string, number>();
  world.trace.listen(({ device, event }) => {
    if (event.type === 'frame-sent' && seen.length < 1000) seen.push(event.bytes);
    if (device !== 'server') return;
    const name = event.type === 'datagram-dropped' ? `${event.type} ${event.reason}` : event.type;
    reactions.set(name, (reactions.get(name) ?? 0) + 1);
  });
  world.device('server', { firmware: server, lan, address: '192.168.1.150' });
  const attacker = lan.attach({ name: 'attacker', deliver: () => undefined });
  return { world, attacker, seen, reactions };
}

/** A client connects, sends a line and gets it back. */
function assertServes(world: World, name: string): void {
  const [lan] = world.lans;
  assert(lan !== undefined);
  const device = world.device(name, { firmware: client, lan, params: { message: name } });
  const end = world.clock.now + 30e9;
  world.run({ until: end, stopWhen: () => device.output.includes('done') });
  assert(device.output.includes(`received '${name}'`), device.output.toString());
}

const random = new RandomSource('hostile').stream('test');
const below = (limit: number): number => random.uint32() % limit;

/** One to four changes of a byte string: bytes, length, order. */
function mutate(original: Uint8Array): Uint8Array {
  let bytes = original.slice();
  for (let changes = 1 + below(4); changes > 0; changes--) {
    const at = below(Math.max(1, bytes.length));
    switch (below(4)) {
      case 0:
        bytes[at] = below(256);
        break;
      case 1:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
        break;
      case 2:
        bytes = bytes.slice(0, at);
        break;
      default:
        bytes = new Uint8Array([...bytes.subarray(0, at), ...random.bytes(below(20)), ...bytes.subarray(at)]);
    }
  }
  return bytes.slice(0, 1514);
}

/** The attack got as far as it was meant to: the server had occasion to react in each of these ways, so often at least. */
function assertReached(reactions: ReadonlyMap<string, number>, expected: Readonly<Record<string, number>>): void {
  for (const [name, least] of Object.entries(expected)) {
    assert((reactions.get(name) ?? 0) >= least, `${name}: ${JSON.stringify([...reactions])}`);
  }
}

function assertUnharmed(world: World): void {
  assertServes(world, 'after');
  assert.deepEqual(world.leaks(), []);
  const pools = [...world.devices.values()].map((device) => device.name);
  assert.deepEqual(pools, ['server', 'before', 'after']);
}

describe('hostile frames and datagrams, 100,000 of each', () => {
  it('random and mutated datagrams to the DTLS server, also in the name of its client: nothing thrown, nothing leaked', () => {
    const { world, attacker, seen, reactions } = underAttack();
    assertServes(world, 'before');
    const genuine = seen.map((frame) => frame.slice(42)).filter((payload) => payload.length > 13);
    assert(genuine.length > 5);
    for (let count = 0; count < 100_000; count++) {
      const sample = genuine[below(genuine.length)];
      const payload = sample === undefined || below(5) === 0 ? random.bytes(below(200)) : mutate(sample);
      const spoofed = below(2) === 0;
      const source = spoofed ? IP_ADDRESS(192, 168, 1, 10) : (IP_ADDRESS(192, 168, 1, 20) + below(200)) >>> 0;
      const sourcePort = 0xc000 + below(0x3fff);
      const datagram = { source, sourcePort, destination: SERVER, destinationPort: 4443, payload };
      attacker.transmit(buildUdpFrame(datagram, ATTACKER_HARDWARE, SERVER_HARDWARE, count & 0xffff));
      if (count % 20 === 0) world.run({ until: world.clock.now + 2e6 });
    }
    assertReached(reactions, { 'dtls-discarded': 50_000, 'dtls-flight': 1000 });
    assertUnharmed(world);
  });

  it('datagrams in the name of a connected client do not disturb its session', () => {
    const { world, attacker, seen } = underAttack();
    const [lan] = world.lans;
    assert(lan !== undefined);
    const device = world.device('before', { firmware: client, lan, params: { message: 'steady' } });
    world.run({ until: '20s', stopWhen: () => device.output.includes('sent') });
    const fromClient = seen.filter((frame) => frame[11] === 2 && frame.length > 60);
    assert(fromClient.length >= 3);
    for (let count = 0; count < 5000; count++) {
      const sample = fromClient[below(fromClient.length)] ?? new Uint8Array(60);
      const payload = mutate(sample.slice(42));
      const sourcePort = ((sample[34] ?? 0) << 8) | (sample[35] ?? 0);
      const source = IP_ADDRESS(192, 168, 1, 10);
      const datagram = { source, sourcePort, destination: SERVER, destinationPort: 4443, payload };
      attacker.transmit(buildUdpFrame(datagram, ATTACKER_HARDWARE, SERVER_HARDWARE, 0));
      if (count % 20 === 0) world.run({ until: world.clock.now + 1000 });
    }
    world.run({ until: '40s', stopWhen: () => device.output.includes('done') });
    assert(device.output.includes("received 'steady'"), device.output.toString());
    assert.deepEqual(world.leaks(), []);
  });

  it('random and mutated frames to the driver, ARP, IP and UDP: nothing thrown, nothing leaked', () => {
    const { world, attacker, seen, reactions } = underAttack();
    assertServes(world, 'before');
    for (let count = 0; count < 100_000; count++) {
      const sample = seen[below(Math.min(seen.length, 40))];
      const frame = sample === undefined || below(5) === 0 ? random.bytes(14 + below(300)) : mutate(sample);
      if (frame.length < 14) continue;
      // Most are addressed to the server, so that they get past its interface.
      if (below(4) > 0) frame.set([2, 0, 0, 0, 0, 1]);
      // Nobody takes over a device's place on the switch: that would be another attack.
      frame.set([2, 0xaa, 0, 0, 0x0b, 0xad], 6);
      attacker.transmit(frame);
      if (count % 20 === 0) world.run({ until: world.clock.now + 2e6 });
    }
    assertReached(reactions, {
      'datagram-dropped ip-header': 10_000,
      'datagram-dropped not-for-us': 1000,
      'datagram-dropped checksum': 1000,
      'datagram-dropped udp-header': 50,
      'datagram-dropped no-port': 20,
      'dtls-discarded': 50,
    });
    assertUnharmed(world);
  });
});
