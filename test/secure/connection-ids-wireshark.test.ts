import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { capturePcapng } from 'txsim';
import { NX_SUCCESS } from 'txsim/nx_api';
import { nx_crypto_tls_ciphers_all, type NX_SECURE_TLS_CRYPTO } from 'txsim/nx_secure_tls_api';
import { nx_secure_dtls_session_end } from 'txsim/nx_secure_dtls_api';
import { suiteByName } from '../../secure/crypto/suites.ts';
import { connect, hear, runDtlsWorld, say } from '../support/dtls-world.ts';
import { hasProgram } from '../support/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'txsim-cid-'));

function only(name: string): NX_SECURE_TLS_CRYPTO {
  const id = suiteByName(name)?.id;
  const { nx_secure_tls_ciphersuite_lookup_table: all } = nx_crypto_tls_ciphers_all;
  return { nx_secure_tls_ciphersuite_lookup_table: all.filter((one) => one.nx_secure_tls_ciphersuite === id) };
}

/** A run with one suite and connection IDs; gives the file it was captured in. */
function capture(suite: string): string {
  const chunks: Uint8Array[] = [];
  const { suites } = runDtlsWorld({
    table: only(suite),
    serverConfig: { NX_SECURE_DTLS_CONNECTION_ID_LENGTH: 8 },
    clientConfig: { NX_SECURE_DTLS_CONNECTION_ID_LENGTH: 5 },
    onWorld: (world) => {
      capturePcapng(world.trace, ['lan'], (chunk) => chunks.push(chunk));
    },
    *client(bench) {
      yield* connect(bench);
      assert.equal(yield* say(bench, 'with an ID'), NX_SUCCESS);
      assert.equal(yield* hear(bench), 'with an ID');
      yield* nx_secure_dtls_session_end(bench.session, 100);
    },
  });
  assert.deepEqual(suites, [suite]);
  const file = join(folder, `${suite}.pcapng`);
  writeFileSync(file, Buffer.concat(chunks));
  return file;
}

const skip = hasProgram('tshark') ? false : 'tshark is not installed';

describe('connection IDs in Wireshark’s eyes', { skip }, () => {
  for (const suite of [
    'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
    'TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8',
    'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256',
  ]) {
    it(`${suite}: what they hide is decrypted`, () => {
      const file = capture(suite);
      const fieldsOf = (filter: string, field: string): readonly string[] => {
        const fields = ['-Y', filter, '-T', 'fields', '-e', field];
        const result = spawnSync('tshark', ['-r', file, '-d', 'udp.port==4443,dtls', ...fields], {
          encoding: 'latin1',
        });
        assert.equal(result.status, 0, result.stderr);
        return result.stdout.split('\n').filter((line) => line !== '');
      };
      const data = Buffer.from('with an ID').toString('hex');
      assert.deepEqual(fieldsOf('data.data', 'data.data'), [data, data]);
      assert.deepEqual(fieldsOf('dtls.alert_message.desc', 'dtls.alert_message.desc'), ['0', '0']);
      // Both Finished messages, the data in both directions, and both alerts.
      const ids = fieldsOf('dtls.record.connection_id', 'dtls.record.connection_id').map((id) => id.length / 2);
      assert.deepEqual(ids, [8, 5, 8, 5, 8, 5]);
    });
  }
});
