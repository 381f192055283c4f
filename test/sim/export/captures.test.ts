import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { World, type Lan, type Link, type NetworkPort } from 'txsim';
import { hasProgram } from '../../support/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'txsim-captures-'));

/** Two networks with two ports each; every frame is 60 bytes and begins with its number. */
function twoNetworks(options: Parameters<World['lan']>[0] = {}): {
  readonly world: World;
  readonly lans: readonly [Lan, Lan];
  readonly send: (lan: Lan, from: string, number: number) => void;
} {
  const world = new World();
  const lans = [world.lan({ name: 'plant', ...options }), world.lan({ name: 'office', ...options })] as const;
  const links = new Map<string, Link>();
  for (const lan of lans) {
    for (const name of ['one', 'two']) {
      const port: NetworkPort = { name, deliver: () => {} };
      links.set(`${lan.name}/${name}`, lan.attach(port));
    }
  }
  const send = (lan: Lan, from: string, number: number): void => {
    const bytes = new Uint8Array(60).fill(255, 0, 6);
    bytes[14] = number;
    links.get(`${lan.name}/${from}`)?.transmit(bytes);
  };
  return { world, lans, send };
}

interface Packet {
  readonly time: number;
  readonly number: number;
  readonly direction: number;
  readonly comment: string;
}

/** The packets of a capture, read by the format's own rules. */
function packetsOf(file: Uint8Array): readonly Packet[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const packets: Packet[] = [];
  for (let at = 0; at < file.length; at += view.getUint32(at + 4, true)) {
    if (view.getUint32(at, true) !== 6) continue;
    const [high, low, length] = [12, 16, 20].map((offset) => view.getUint32(at + offset, true));
    let [direction, comment] = [0, ''];
    const end = at + view.getUint32(at + 4, true) - 4;
    for (let option = at + 28 + (((length ?? 0) + 3) & ~3); option < end;) {
      const [code, size] = [view.getUint16(option, true), view.getUint16(option + 2, true)];
      const value = file.subarray(option + 4, option + 4 + size);
      if (code === 1) comment = new TextDecoder().decode(value);
      if (code === 2) direction = value[0] ?? 0;
      option += 4 + ((size + 3) & ~3);
    }
    packets.push({
      time: (high ?? 0) * 2 ** 32 + (low ?? 0),
      number: file[at + 28 + 14] ?? 0,
      direction,
      comment,
    });
  }
  return packets;
}

/** What a capture of the run so far has. */
function captured(world: World, where: Lan | Link, run: () => void): Uint8Array {
  const chunks: Uint8Array[] = [];
  const end = world.capture(where, (chunk) => chunks.push(chunk));
  run();
  end();
  return new Uint8Array(Buffer.concat(chunks));
}

describe('the capture of one network', () => {
  it('has its own frames only', () => {
    const { world, lans, send } = twoNetworks();
    const [plant, office] = lans;
    const file = captured(world, office, () => {
      send(plant, 'one', 1);
      send(office, 'two', 2);
      send(office, 'one', 3);
      world.run();
    });
    assert.deepEqual(
      packetsOf(file).map(({ number }) => number),
      [2, 3],
    );
  });

  it('ends where it is told to', () => {
    const { world, lans, send } = twoNetworks();
    const file = captured(world, lans[0], () => send(lans[0], 'one', 1));
    send(lans[0], 'one', 2);
    world.run();
    assert.equal(packetsOf(file).length, 1);
  });
});

describe('the capture of one port', () => {
  it('has what it sends when it is sent, and what it gets when it comes, with the direction', () => {
    const { world, lans, send } = twoNetworks({ latency: '3ms' });
    const [plant, office] = lans;
    const file = captured(world, plant.link('two'), () => {
      send(plant, 'one', 1);
      send(plant, 'two', 2);
      send(office, 'two', 3);
      world.run();
    });
    assert.deepEqual(packetsOf(file), [
      { time: 0, number: 2, direction: 2, comment: '' },
      { time: 3_000_000, number: 1, direction: 1, comment: '' },
    ]);
  });

  it('says what faults did to its frames', () => {
    const { world, lans, send } = twoNetworks({
      rules: [({ bytes }) => (bytes[14] === 1 ? { action: 'drop' } : { action: 'delay', by: 5_000_000 })],
      latency: 0,
    });
    const file = captured(world, lans[0].link('two'), () => {
      send(lans[0], 'one', 1);
      send(lans[0], 'one', 2);
      send(lans[0], 'two', 1);
      world.run();
    });
    const [lost, sent, late] = packetsOf(file);
    assert.equal(lost?.comment, 'lost on its way here: rule');
    assert.match(sent?.comment ?? '', /lost on its way to one: rule/);
    assert.deepEqual(late, { time: 5_000_000, number: 2, direction: 1, comment: 'delayed on its way' });
  });

  it('is opened by capinfos', { skip: hasProgram('capinfos') ? false : 'capinfos is not installed' }, () => {
    const { world, lans, send } = twoNetworks();
    const path = join(folder, 'port.pcapng');
    writeFileSync(
      path,
      captured(world, lans[1].link('one'), () => {
        send(lans[1], 'one', 1);
        send(lans[1], 'two', 2);
        world.run();
      }),
    );
    const { stdout } = spawnSync('capinfos', [path], { encoding: 'utf8' });
    assert.match(stdout, /Number of packets: +2\n/);
    assert.match(stdout, /Name = office\/one\n/);
    assert.match(stdout, /nanoseconds/);
  });
});
