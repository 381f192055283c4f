import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { jsProvider, nodeProvider, World, type Device } from 'txsim';
import * as tls from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { parseCertificate } from '../../secure/x509/certificate.ts';
import { demo } from '../../apps/dtls-echo/credentials/demo.ts';
import { CIPHER_SUITES } from '../../secure/crypto/suites.ts';
import { secureState } from '../../secure/device-state.ts';
import { QUIRKS } from '../../secure/quirks.ts';
import { makeCrl } from '../support/crl.ts';
import { bare, readDocument, rowsOf } from './document.ts';
import { echoClient, type ClientParts } from './echo-client.ts';
import { echoServer } from './echo-server.ts';

const document = readDocument('docs/dtls.md');
const firmware = echoClient({ host: 'device', crl: null });

/** The two ends of the document, and what they print. */
function played(parts: ClientParts, sessions: number): { readonly client: string; readonly server: string } {
  const world = new World({ seed: 1 });
  const lan = world.lan();
  const params = { sessions: String(sessions) };
  const server = world.device('server', { firmware: echoServer, lan, address: '192.168.1.150', params });
  const client = world.device('client', { firmware: echoClient(parts), lan });
  world.run({ until: '60s' });
  assert.deepEqual(world.leaks(), []);
  assert.deepEqual(world.stalls(), []);
  return { client: client.output.toString(), server: server.output.toString() };
}

/** The document's worlds. */
function quirky(world: World): Device {
  const lan = world.lan();
  world.device('server', { firmware, lan, config: { NX_SECURE_QUIRKS: 'cookie-not-compared,bad-record-alert' } });
  const [server] = world.devices.values();
  assert(server !== undefined);
  return server;
}

function withProviders(): World {
  const world = new World({ seed: 42, crypto: jsProvider });
  const lan = world.lan();
  world.device('client', { firmware, lan, crypto: nodeProvider });
  return world;
}

describe('the examples of docs/dtls.md', () => {
  it('are those that are tested here', () => {
    const files = ['echo-server.ts', 'echo-client.ts', 'dtls.test.ts'];
    const sources = files.map((file) => bare(readFileSync(`test/docs/${file}`, 'utf8')));
    // Functions stand one after the other; what a world is made with is in several places.
    const parts = document
      .blocks('ts')
      .flatMap((block) => (/^(const )?world/.test(block) ? block.trim().split('\n') : block.trim().split('\n\n')));
    assert(parts.length > 20);
    for (const part of parts)
      assert(
        sources.some((source) => source.includes(bare(part))),
        part,
      );
  });

  it('a client with a certificate, and then with a pre-shared key', () => {
    const { client, server } = played({ host: 'device', crl: null }, 3);
    assert.deepEqual(client.split('\n'), [
      "the server's hello has 3 extensions",
      'connected: NX_SUCCESS (0x00)',
      'heard hello',
      "the server's hello has 3 extensions",
      'heard hello again',
      'refused: alert 115',
      'as nobody: NX_SECURE_TLS_ALERT_RECEIVED (0x114)',
      'as the lamp: NX_SUCCESS (0x00)',
      'heard on',
      'done',
    ]);
    assert.match(server, /NX_SECURE_TLS_NO_MATCHING_PSK \(0x126\)/);
    assert.match(server, /taken down$/);
  });

  it('a name for which the server has another identity, of a root that the client does not trust', () => {
    const { client } = played({ host: 'localhost', crl: null }, 1);
    assert.match(client, /connected: NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND \(0x11B\)/);
  });

  it('a revocation list that somebody else has signed', () => {
    const root = parseCertificate(demo.ecdsa.ca);
    assert(root.ok);
    const key = createPrivateKey({ key: Buffer.from(demo.ecdsa.private_key), format: 'der', type: 'sec1' });
    const crl = makeCrl(key, { issuer: root.certificate.subject.raw });
    const { client } = played({ host: 'device', crl }, 1);
    assert.match(client, /connected: NX_SECURE_X509_CRL_SIGNATURE_CHECK_FAILED \(0x198\)/);
  });

  it('worlds with quirks, and with providers', () => {
    const { NX_SECURE_QUIRKS: quirks } = secureState(quirky(new World()).kernel).config;
    assert.deepEqual([...quirks], ['cookie-not-compared', 'bad-record-alert']);
    assert.equal(withProviders().devices.size, 1);
  });
});

describe('the tables of docs/dtls.md', () => {
  it('name every service, with a row of its own', () => {
    const services = [...Object.keys(dtls), ...Object.keys(tls)]
      .filter((name) => /^nx_secure_|^nx_crypto_tls_ciphers/.test(name))
      .filter((name, index, all) => all.indexOf(name) === index);
    const [, section = ''] = document.text.split('\n## The services\n');
    const [ofSection = ''] = section.split(/^## /m);
    const rows = rowsOf(ofSection).map(([service]) => service ?? '');
    const named = rows.filter((name) => name.startsWith('nx_'));
    assert.deepEqual(named.toSorted(), services.toSorted());
  });

  it('name the quirks, as they are', () => {
    const quirks = QUIRKS.map(({ name, chapter, library, evidence }) => [name, chapter, library, evidence]);
    assert.deepEqual(document.table('## Quirks of the shipped library'), quirks);
  });

  it('name every suite', () => {
    const suites = document.table('### Suites and peers').map(([name]) => name ?? '');
    assert.deepEqual(suites.toSorted(), CIPHER_SUITES.map(({ name }) => name).toSorted());
  });

  it('name every macro, with its default', () => {
    const world = new World();
    const { kernel } = world.device('device', { firmware, lan: world.lan() });
    const shown = Object.entries(secureState(kernel).config)
      .filter(([name]) => name.startsWith('NX_'))
      .map(([name, value]) => {
        if (typeof value === 'boolean') return [name, value ? 'on' : 'off'];
        return [name, typeof value === 'number' ? String(value) : 'none'];
      });
    const rows = document.table('### Macros').map((row) => row.slice(0, 2));
    assert.deepEqual(
      rows.toSorted(([a = ''], [b = '']) => a.localeCompare(b)),
      shown.toSorted(([a = ''], [b = '']) => a.localeCompare(b)),
    );
  });
});
