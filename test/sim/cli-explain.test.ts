import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { CLI } from '../support/cli.ts';

function explain(...args: readonly string[]): {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...CLI, 'explain', ...args], { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

describe('txsim explain', () => {
  const answers: readonly (readonly [what: string, shows: readonly RegExp[]])[] = [
    [
      '0x10C',
      [/^NX_SECURE_TLS_INVALID_SERVER_CERT {2}0x10C \(268\)/, /Usual causes/, /nx_secure_dtls_client_session_start/],
    ],
    ['7', [/^TX_NO_EVENTS .* ThreadX, kernel$/m, /^NX_PTR_ERROR .* NetX Duo, packets and IP$/m]],
    ['ptr', [/^TX_PTR_ERROR {2}0x03/m, /^NX_PTR_ERROR {2}0x07/m]],
    ['nx_udp_socket_send', [/^nx_udp_socket_send gives$/m, /^ {2}NX_UNDERFLOW {2}0x02$/m]],
  ];
  for (const [what, shows] of answers) {
    it(`${what}: on standard output`, () => {
      const { code, out, err } = explain(what);
      assert.deepEqual([code, err], [0, '']);
      for (const pattern of shows) assert.match(out, pattern);
    });
  }

  it('--json: statuses with causes and services, services with statuses', () => {
    const status = explain('TX_NOT_OWNED', '--json').out;
    assert.match(status, /^\{\n {2}"statuses": \[\n {4}\{\n {6}"name": "TX_NOT_OWNED",\n {6}"code": 30,\n/);
    assert.match(status, /"service": "tx_mutex_put",\s*"when": "where the caller does not hold it"/);
    const service = explain('tx_mutex_put', '--json').out;
    assert.match(service, /"statuses": \[\],\s*"services": \[\s*\{\s*"name": "tx_mutex_put",\s*"statuses"/);
    for (const text of [status, service]) JSON.parse(text);
  });

  const refusals: readonly (readonly [args: readonly string[], line: RegExp])[] = [
    [['NX_PTR_EROR'], /^txsim: no status or service is called NX_PTR_EROR; nearest: NX_PTR_ERROR, .*\n$/],
    [['0x1ff'], /^txsim: .* 0x1ff; nearest: NX_SECURE_X509_MISSING_CRYPTO_ROUTINE \(0x1AA\).*\n$/],
    [[], /^txsim: usage: txsim explain <code\|name>.*\n$/],
  ];
  for (const [args, line] of refusals) {
    it(`${args.join(' ') || 'nothing'}: one line and exit code 2`, () => {
      const { code, out, err } = explain(...args);
      assert.deepEqual([code, out], [2, '']);
      assert.match(err, line);
    });
  }
});
