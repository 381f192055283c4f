import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodeProvider } from '../../../secure/crypto/node-provider.ts';
import type { CryptoProvider } from '../../../secure/crypto/provider.ts';
import type { DtlsConfig } from '../../../secure/dtls/config.ts';
import type { DirectionKeys } from '../../../secure/dtls/key-schedule.ts';
import { RecordProtection } from '../../../secure/dtls/record-protection.ts';
import { ALERT, buildRecord, DTLS_1_0, DTLS_1_2 } from '../../../secure/dtls/wire/record.ts';
import { assertWorks, DtlsPair, FOUR_SUITES, pairConfig } from '../../support/dtls-pair.ts';
import { concat } from '../../../secure/dtls/wire/writer.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

/** Sees the byte strings that pass between a machine and its provider, its key store and its key log. */
class Spy {
  /** Secrets by the very arrays that held them, and what they are. */
  readonly secrets = new Map<Uint8Array, string>();
  /** What MACs came to: parts of keys, among other things. */
  readonly results: Uint8Array[] = [];
  /** Secrets that are not the machine's own. */
  readonly #foreign = new Set<Uint8Array>();

  /** The configuration of a machine that is watched. */
  watch(config: DtlsConfig): DtlsConfig {
    const { pskForIdentity, pskForHint } = config;
    return {
      ...config,
      provider: this.#provider,
      ...(pskForIdentity === undefined ? {} : { pskForIdentity: (name) => this.#except(pskForIdentity(name)) }),
      ...(pskForHint === undefined
        ? {}
        : {
            pskForHint: (hint) => {
              const psk = pskForHint(hint);
              this.#except(psk?.key ?? null);
              return psk;
            },
          }),
      keyLog: (_label, _random, secret) => void this.#note('master secret', secret),
    };
  }

  /** What the secrets are that are not wiped yet. */
  values(): readonly string[] {
    return [...this.secrets.keys()]
      .filter((secret) => secret.length >= 16 && !isZero(secret))
      .map((secret) => hex(secret));
  }

  left(): readonly string[] {
    return [...this.secrets].filter(([secret]) => !isZero(secret)).map(([, what]) => what);
  }

  readonly #provider: CryptoProvider = {
    ...nodeProvider,
    hmac: (name, key, ...data) => {
      const result = nodeProvider.hmac(name, this.#note('HMAC key', key), ...data);
      this.results.push(result);
      return result;
    },
    aeadSeal: (name, key, ...rest) => nodeProvider.aeadSeal(name, this.#note('AEAD key', key), ...rest),
    aeadOpen: (name, key, ...rest) => nodeProvider.aeadOpen(name, this.#note('AEAD key', key), ...rest),
    cbcKey: (name, key) => nodeProvider.cbcKey(name, this.#note('CBC key', key)),
    ephemeralKey: (group, random) => {
      const key = nodeProvider.ephemeralKey(group, random);
      const derive: typeof key.derive = (peer) => {
        const shared = key.derive(peer);
        return shared === null ? null : this.#note('ECDHE secret', shared);
      };
      return { ...key, derive };
    },
    rsaEncrypt: (key, secret, random) => nodeProvider.rsaEncrypt(key, this.#note('RSA premaster', secret), random),
    rsaRawDecrypt: (key, ciphertext) => {
      const block = nodeProvider.rsaRawDecrypt(key, ciphertext);
      return block === null ? null : this.#note('decrypted RSA block', block);
    },
  };

  #note(what: string, secret: Uint8Array): Uint8Array {
    if (!this.#foreign.has(secret) && !this.secrets.has(secret)) this.secrets.set(secret, what);
    return secret;
  }

  #except(key: Uint8Array | null): Uint8Array | null {
    if (key !== null) this.#foreign.add(key);
    return key;
  }
}

describe('wiping', () => {
  const suites = [...FOUR_SUITES, 'TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256', 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384'];
  const old = ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'TLS_RSA_WITH_AES_256_CBC_SHA', 'TLS_PSK_WITH_AES_128_CBC_SHA'];
  for (const suite of [...suites, ...old]) {
    const versions = [old.includes(suite) ? DTLS_1_0 : DTLS_1_2] as const;
    it(`${suite}: nothing that passed through the provider still holds a secret`, () => {
      const spies = { client: new Spy(), server: new Spy() };
      const pair = new DtlsPair(
        spies.client.watch({ ...pairConfig(suite, 'client'), versions }),
        spies.server.watch({ ...pairConfig(suite, 'server'), versions }),
      ).run();
      assertWorks(pair);
      const values = [...spies.client.values(), ...spies.server.values()];
      // Master secret and two keys at least, at each end.
      assert(values.length >= 6, `${values.length} secrets`);
      pair.client.wipe();
      pair.server.wipe();
      assert.deepEqual(spies.client.left(), []);
      // The secret of the cookies belongs to the server above the machine.
      assert.deepEqual(spies.server.left(), ['HMAC key']);
      for (const spy of Object.values(spies)) {
        for (const result of spy.results.map(hex)) {
          assert(!values.some((value) => result.includes(value.slice(0, 32))), 'a piece of the key block is left');
        }
      }
    });
  }

  it('records that are sealed with keys of zeros are not opened', () => {
    const pair = new DtlsPair(pairConfig(FOUR_SUITES[0], 'client'), pairConfig(FOUR_SUITES[0], 'server')).run();
    const { suite } = pair.server;
    assert(suite !== null);
    pair.client.wipe();
    pair.server.wipe();
    const zeros: DirectionKeys = { macKey: new Uint8Array(0), key: new Uint8Array(16), iv: new Uint8Array(4) };
    const protection = new RecordProtection(nodeProvider, suite.cipher, zeros, (length) => new Uint8Array(length));
    for (const epoch of [0, 1, 2]) {
      const alert = { type: ALERT, version: DTLS_1_2, epoch, sequence: 1000, fragment: Uint8Array.of(2, 40) };
      pair.deliver('server', buildRecord({ ...alert, fragment: concat(...protection.seal(alert)) }));
      pair.deliver('server', buildRecord(alert));
    }
    pair.settle();
    assert.equal(pair.outputs('server', 'alert').length, 0);
    assert.equal(pair.server.state, 'closed');
  });
});
