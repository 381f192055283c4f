import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { buildWorld, captureKeyLog, capturePcapng } from 'txsim';
import scenario from '../../apps/dtls-echo/scenario.ts';
import { PcapngWriter } from '../../sim/export/pcapng.ts';
import { hasProgram } from '../support/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'txsim-capture-'));

/** The blocks of a pcapng file: type and body. */
function blocks(file: Uint8Array): { readonly type: number; readonly body: DataView }[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const found: { type: number; body: DataView }[] = [];
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

function record(write: (writer: PcapngWriter) => void): Uint8Array {
  const chunks: Uint8Array[] = [];
  write(new PcapngWriter((chunk) => chunks.push(chunk)));
  return new Uint8Array(Buffer.concat(chunks));
}

describe('pcapng', () => {
  it('is made of whole blocks: section, interface, secrets, packets', () => {
    const file = record((writer) => {
      const number = writer.addInterface('lan');
      writer.secrets('CLIENT_RANDOM 00 11\n');
      writer.packet(number, 5, new Uint8Array(61), 'lost: loss');
    });
    assert.deepEqual(
      blocks(file).map(({ type }) => type),
      [0x0a0d0d0a, 1, 10, 6],
    );
  });

  it('stamps frames to the nanosecond, also after years', () => {
    const time = 3 * 365 * 86_400 * 1e9 + 8;
    const file = record((writer) => writer.packet(writer.addInterface('lan'), time, new Uint8Array(60)));
    const body = blocks(file)[2]?.body;
    assert(body !== undefined);
    assert.equal(body.getUint32(4, true) * 2 ** 32 + body.getUint32(8, true), time);
  });
});

describe('a run in Wireshark’s eyes', { skip: hasProgram('tshark') ? false : 'tshark is not installed' }, () => {
  const file = join(folder, 'run.pcapng');
  const keys = join(folder, 'keys.log');
  const tshark = (...args: readonly string[]): string => {
    const result = spawnSync('tshark', ['-r', file, '-d', 'udp.port==4443,dtls', ...args], { encoding: 'latin1' });
    assert.equal(result.status, 0, result.stderr);
    return result.stdout;
  };

  before(() => {
    const world = buildWorld(scenario);
    const chunks: Uint8Array[] = [];
    const lines: string[] = [];
    capturePcapng(world.trace, ['lan'], (chunk) => chunks.push(chunk));
    captureKeyLog(world.trace, (line) => lines.push(line));
    world.run({ until: '60s', stopWhen: () => scenario.stopWhen?.(world) === true });
    writeFileSync(file, Buffer.concat(chunks));
    writeFileSync(keys, lines.join(''));
    assert.match(lines.join(''), /^(CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}\n)+$/);
  });

  it('the handshake is there', () => {
    const handshake = tshark('-Y', 'dtls.handshake');
    for (const message of [
      'Client Hello',
      'Hello Verify Request',
      'Server Hello',
      'Certificate',
      'Server Hello Done',
      'Finished',
    ]) {
      assert.match(handshake, new RegExp(message), message);
    }
  });

  it('the application data is decrypted without a key file', () => {
    const data = tshark('-Y', 'data.data', '-T', 'fields', '-e', 'data.data');
    assert.match(data, new RegExp(Buffer.from('hello\n').toString('hex')));
  });

  it('no header or checksum is wrong', () => {
    const checks = ['-o', 'udp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE'];
    assert.equal(tshark(...checks, '-Y', '_ws.malformed || udp.checksum.status == 0 || ip.checksum.status == 0'), '');
  });

  it('lost frames say so', () => {
    assert.match(tshark('-Y', 'frame.comment', '-T', 'fields', '-e', 'frame.comment'), /lost: loss/);
  });
});
