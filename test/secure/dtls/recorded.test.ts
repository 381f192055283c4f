import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { nodeProvider } from '../../../secure/crypto/node-provider.ts';
import { suiteByName, type CipherSuite } from '../../../secure/crypto/suites.ts';
import { deriveKeys, masterSecret, pskPremaster, verifyData } from '../../../secure/dtls/key-schedule.ts';
import { RecordLayer } from '../../../secure/dtls/record-layer.ts';
import { RecordProtection } from '../../../secure/dtls/record-protection.ts';
import { parseClientHello } from '../../../secure/dtls/wire/client-hello.ts';
import {
  CLIENT_HELLO,
  CLIENT_KEY_EXCHANGE,
  FINISHED,
  HELLO_VERIFY_REQUEST,
  parseFragments,
  SERVER_HELLO,
  transcriptForm,
  type HandshakeMessage,
} from '../../../secure/dtls/wire/handshake.ts';
import { ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE } from '../../../secure/dtls/wire/record.ts';
import { parseServerHello } from '../../../secure/dtls/wire/server-hello.ts';
import { concat } from '../../../secure/dtls/wire/writer.ts';
import { recordsOf } from '../../support/records.ts';

type End = 'client' | 'server';

/** A conversation of two OpenSSL programs, as it went over the wire. */
interface Recorded {
  readonly suite: string;
  /** A line of the NSS key log: label, client random, master secret. */
  readonly keyLog: string;
  readonly psk?: string;
  readonly said: Readonly<Record<End, string>>;
  readonly datagrams: readonly { readonly from: End; readonly hex: string }[];
}

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const none = (): never => assert.fail('nothing is sealed here');

/** What an end sent: its records opened by our record layer, with the keys that our key schedule makes. */
class Listener {
  readonly messages: { readonly from: End; readonly message: HandshakeMessage }[] = [];
  readonly heard: Record<End, string> = { client: '', server: '' };
  readonly alerts: string[] = [];
  readonly #suite: CipherSuite;
  readonly #master: Uint8Array;
  readonly #layers: Record<End, RecordLayer> = { client: new RecordLayer(), server: new RecordLayer() };

  constructor(suite: CipherSuite, master: Uint8Array) {
    this.#suite = suite;
    this.#master = master;
  }

  hear(from: End, datagram: Uint8Array): void {
    for (const record of recordsOf(datagram)) {
      const opened = this.#layers[from].open(record);
      assert(opened.kind === 'plaintext', `a record of type ${record.type} from the ${from}: ${opened.kind}`);
      const { plaintext } = opened;
      if (record.type === CHANGE_CIPHER_SPEC) this.#changeSpec(from);
      else if (record.type === APPLICATION_DATA) this.heard[from] += new TextDecoder().decode(plaintext);
      else if (record.type === ALERT) this.alerts.push(`${from} ${plaintext.join(' ')}`);
      else if (record.type === HANDSHAKE) this.#handshake(from, plaintext);
    }
  }

  /** The transcript before a message (RFC 6347 section 4.2.1: without the first ClientHello and its answer). */
  transcriptBefore(message: HandshakeMessage): Uint8Array {
    const all = this.messages.map((one) => one.message);
    const start = all.findLastIndex(({ type }) => type === CLIENT_HELLO);
    return concat(...all.slice(start, all.indexOf(message)).map(transcriptForm));
  }

  find(type: number, from: End): HandshakeMessage {
    const found = this.messages.findLast((one) => one.from === from && one.message.type === type);
    assert(found !== undefined);
    return found.message;
  }

  #handshake(from: End, bytes: Uint8Array): void {
    const fragments = parseFragments(bytes);
    assert(fragments !== null);
    for (const { type, messageSeq, body, length } of fragments) {
      assert.equal(body.length, length, 'nothing was fragmented');
      this.messages.push({ from, message: { type, messageSeq, body } });
    }
  }

  #changeSpec(from: End): void {
    const client = parseClientHello(this.find(CLIENT_HELLO, 'client').body);
    const server = parseServerHello(this.find(SERVER_HELLO, 'server').body);
    assert(client !== null && server !== null);
    assert.equal(server.cipherSuite, this.#suite.id);
    const keys = deriveKeys(nodeProvider, this.#suite, this.#master, client.random, server.random);
    this.#layers[from].changeRead(new RecordProtection(nodeProvider, this.#suite.cipher, keys[from], none));
  }
}

const FOLDER = 'test/secure/dtls/recorded';

describe('recorded conversations of OpenSSL with itself', () => {
  for (const file of readdirSync(FOLDER)) {
    const recorded = JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as Recorded;
    const suite = suiteByName(recorded.suite);
    assert(suite !== null);
    const master = hex(recorded.keyLog.split(' ')[2] ?? '');
    const listener = new Listener(suite, master);

    it(`${recorded.suite}: every record opens, and says what was said`, () => {
      for (const { from, hex: bytes } of recorded.datagrams) listener.hear(from, hex(bytes));
      assert.deepEqual(listener.heard, recorded.said);
      assert.deepEqual(listener.alerts, ['client 1 0', 'server 1 0']);
      assert.equal(listener.messages[1]?.message.type, HELLO_VERIFY_REQUEST);
    });

    it(`${recorded.suite}: the Finished messages are those of our transcript`, () => {
      for (const end of ['client', 'server'] as const) {
        const finished = listener.find(FINISHED, end);
        const transcript = listener.transcriptBefore(finished);
        assert.deepEqual(verifyData(nodeProvider, suite, master, end, transcript), finished.body);
      }
    });

    const { psk } = recorded;
    if (psk === undefined) continue;
    it(`${recorded.suite}: the master secret follows from the pre-shared key and the session hash`, () => {
      const keyExchange = listener.find(CLIENT_KEY_EXCHANGE, 'client');
      const upTo = concat(listener.transcriptBefore(keyExchange), transcriptForm(keyExchange));
      const sessionHash = nodeProvider.hash(suite.prf, upTo);
      const seed = { kind: 'extended', sessionHash } as const;
      assert.deepEqual(masterSecret(nodeProvider, suite.prf, pskPremaster(hex(psk)), seed), master);
    });
  }
});
