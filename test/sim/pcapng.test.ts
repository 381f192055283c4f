import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { PcapngWriter } from '../../sim/export/pcapng.ts';
import { hasProgram } from '../support/process.ts';

interface Block {
  readonly type: number;
  readonly body: DataView;
}

/** The blocks of a file, each with the same length at its beginning and its end. */
function blocks(file: Uint8Array): Block[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const found: Block[] = [];
  for (let at = 0; at < file.length;) {
    const length = view.getUint32(at + 4, true);
    assert.equal(length % 4, 0);
    assert.equal(view.getUint32(at + length - 4, true), length);
    found.push({
      type: view.getUint32(at, true),
      body: new DataView(file.buffer, file.byteOffset + at + 8, length - 12),
    });
    at += length;
  }
  return found;
}

const bytesOf = (view: DataView, at: number, length: number): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset + at, length).slice();

/** The options from an offset to the end of a block, with the texts that they hold. */
function options(body: DataView, from: number): Map<number, string> {
  const found = new Map<number, string>();
  for (let at = from; at < body.byteLength;) {
    const [code, length] = [body.getUint16(at, true), body.getUint16(at + 2, true)];
    if (code === 0) {
      assert.equal(at + 4, body.byteLength);
      break;
    }
    found.set(code, new TextDecoder().decode(bytesOf(body, at + 4, length)));
    at += 4 + ((length + 3) & ~3);
  }
  return found;
}

interface Packet {
  readonly interfaceId: number;
  readonly time: number;
  readonly bytes: Uint8Array;
  readonly comment: string | undefined;
}

function readPacket({ type, body }: Block): Packet {
  assert.equal(type, 6);
  const length = body.getUint32(12, true);
  assert.equal(body.getUint32(16, true), length);
  const optionsAt = 20 + ((length + 3) & ~3);
  return {
    interfaceId: body.getUint32(0, true),
    time: body.getUint32(4, true) * 2 ** 32 + body.getUint32(8, true),
    bytes: bytesOf(body, 20, length),
    comment: options(body, optionsAt).get(1),
  };
}

function record(write: (writer: PcapngWriter) => void): Uint8Array {
  const chunks: Uint8Array[] = [];
  write(new PcapngWriter((chunk) => chunks.push(chunk)));
  return new Uint8Array(Buffer.concat(chunks));
}

describe('a pcapng file', () => {
  it('begins with a section whose header names nothing of the machine', () => {
    const [section, ...rest] = blocks(record(() => undefined));
    assert(section !== undefined);
    assert.equal(rest.length, 0);
    assert.equal(section.type, 0x0a0d0d0a);
    assert.equal(section.body.getUint32(0, true), 0x1a2b3c4d);
    assert.deepEqual([section.body.getUint16(4, true), section.body.getUint16(6, true)], [1, 0]);
    assert.equal(section.body.getBigInt64(8, true), -1n);
    assert.deepEqual([...options(section.body, 16)], [[4, 'txsim']]);
  });

  it('describes Ethernet interfaces with names and nanoseconds, numbered in order', () => {
    const numbers: number[] = [];
    const [, ...interfaces] = blocks(
      record((writer) => numbers.push(...['lan', 'Büro'].map((n) => writer.addInterface(n)))),
    );
    assert.deepEqual(numbers, [0, 1]);
    assert.deepEqual(
      interfaces.map(({ type, body }) => [
        type,
        body.getUint16(0, true),
        options(body, 8).get(2),
        options(body, 8).get(9),
      ]),
      [
        [1, 1, 'lan', '\t'],
        [1, 1, 'Büro', '\t'],
      ],
    );
  });

  it('holds every frame, its exact time and its comment', () => {
    const packet = fc.record({
      interfaceId: fc.nat(1),
      time: fc.maxSafeNat(),
      bytes: fc.uint8Array({ maxLength: 70 }),
      comment: fc.option(fc.string({ minLength: 1, maxLength: 9, unit: 'grapheme' }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 5 }), (packets) => {
        const file = record((writer) => {
          writer.addInterface('a');
          writer.addInterface('b');
          for (const { interfaceId, time, bytes, comment } of packets) writer.packet(interfaceId, time, bytes, comment);
        });
        assert.deepEqual(
          blocks(file)
            .slice(3)
            .map(readPacket)
            .map((found) => ({ ...found })),
          packets.map((written) => ({ ...written })),
        );
      }),
    );
  });

  it('holds secrets of any length, before the frames that need them', () => {
    for (const text of ['', 'a', 'ab', 'abc', 'CLIENT_RANDOM 00 11\n']) {
      const [, , secrets, packet] = blocks(
        record((writer) => {
          const number = writer.addInterface('lan');
          writer.secrets(text);
          writer.packet(number, 0, new Uint8Array(60));
        }),
      );
      assert(secrets !== undefined && packet !== undefined);
      assert.equal(secrets.type, 10);
      assert.equal(secrets.body.getUint32(0, true), 0x544c534b);
      assert.equal(new TextDecoder().decode(bytesOf(secrets.body, 8, secrets.body.getUint32(4, true))), text);
      assert.equal(packet.type, 6);
    }
  });
});

describe('Wireshark’s programs', { skip: hasProgram('tshark') ? false : 'tshark is not installed' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'txsim-pcapng-'));
  const file = join(folder, 'written.pcapng');
  after(() => rmSync(folder, { recursive: true }));

  const run = (program: string, ...args: readonly string[]): string => {
    const result = spawnSync(program, args, {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
    });
    assert.equal(result.status, 0, result.stderr);
    return result.stdout;
  };

  it('read interfaces, times to the nanosecond, lengths and comments', () => {
    // The last is beyond 2^32 ns in both halves of its stamp, and odd in the last nanosecond.
    const times = [0, 1, 2 ** 32 + 1, 1_234_567_890_123_457];
    const written = record((writer) => {
      const numbers = [writer.addInterface('lan'), writer.addInterface('wan')];
      writer.secrets('CLIENT_RANDOM 00 11\n');
      for (const [index, time] of times.entries()) {
        const comment = index === 2 ? 'lost: loss – verloren' : undefined;
        writer.packet(numbers[index & 1] ?? 0, time, new Uint8Array(60 + index), comment);
      }
    });
    writeFileSync(file, written);
    const names = ['frame.interface_name', 'frame.time_relative', 'frame.len', 'frame.comment'];
    const fields = run('tshark', '-r', file, '-T', 'fields', ...names.flatMap((name) => ['-e', name]));
    assert.deepEqual(
      fields
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split('\t')),
      [
        ['lan', '0.000000000', '60', ''],
        ['wan', '0.000000001', '61', ''],
        ['lan', '4.294967297', '62', 'lost: loss – verloren'],
        ['wan', '1234567.890123457', '63', ''],
      ],
    );
  });
});
