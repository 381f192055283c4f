import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { lookup, parseCode } from '../../sim/explain/lookup.ts';
import { matchesPage, servicePage, statusPage } from '../../sim/explain/page.ts';
import { SERVICES } from '../../sim/explain/services.ts';
import { CATALOGUE, explained, explainedService } from '../../sim/explain/statuses.ts';
import { STATUSES } from '../../sim/status-names.ts';

const names = (statuses: readonly { readonly name: string }[]): readonly string[] => statuses.map(({ name }) => name);

describe('the catalogue of statuses', () => {
  const entries = Object.values(CATALOGUE).flatMap((family) => Object.entries(family));

  it('has every status once, and nothing else', () => {
    assert.deepEqual(entries.map(([name]) => name).sort(), [...names(STATUSES)].sort());
  });

  for (const status of STATUSES) {
    it(`${status.name}: a sentence, and causes where a service gives it`, () => {
      const { meaning, causes, elsewhere, services } = explained(status);
      assert.match(meaning, /^[A-Z].*\.$/);
      for (const text of [...causes, elsewhere ?? 'None.']) assert.match(text, /^([A-Z]|(tx|nx)_).*[^.\s]\.$|\.\.\.$/);
      if (services.length > 0) {
        assert(causes.length >= 1 && causes.length <= 3, `${causes.length} causes`);
        assert.equal(elsewhere, null);
      } else assert.equal(causes.length, 0, 'nobody gives it, and it has causes');
    });
  }

  it('mentions only names that exist', () => {
    const known = new Set([...names(STATUSES), ...Object.keys(SERVICES)]);
    const text = JSON.stringify(CATALOGUE);
    const services = text.match(/\b(?:tx|nxd?)_[a-z\d_]+\b(?!\.\.\.)/g) ?? [];
    const missing = services.filter(
      (name) => !known.has(name) && !/^nx_tcp_|^nx_packet_(length|append_ptr)$|^tx_application_define$/.test(name),
    );
    assert.deepEqual(missing, []);
  });
});

describe('what a text means', () => {
  const codes: readonly (readonly [text: string, code: number | null])[] = [
    ['7', 7],
    ['268', 0x10c],
    ['0x10C', 0x10c],
    ['0X0000010c', 0x10c],
    ['10C', 0x10c],
    ['10Ch', 0x10c],
    ['0x', null],
    ['-1', null],
    ['ptr', null],
    ['add', null],
  ];
  for (const [text, code] of codes)
    it(`${text} is the number ${String(code)}`, () => assert.equal(parseCode(text), code));

  const statuses: readonly (readonly [text: string, names: readonly string[]])[] = [
    ['7', ['TX_NO_EVENTS', 'NX_PTR_ERROR']],
    ['0x10C', ['NX_SECURE_TLS_INVALID_SERVER_CERT']],
    ['0x10', ['TX_NO_MEMORY', 'TX_START_ERROR', 'NX_DELETE_ERROR']],
    ['0', ['TX_SUCCESS', 'NX_SUCCESS', 'NX_SECURE_TLS_SUCCESS', 'NX_SECURE_X509_SUCCESS']],
    ['0x94', ['NX_DHCP_NOT_BOUND']],
    ['NX_SECURE_TLS_INVALID_SERVER_CERT', ['NX_SECURE_TLS_INVALID_SERVER_CERT']],
    ['nx_no_packet', ['NX_NO_PACKET']],
    ['NX_NO_PACKET (0x01)', ['NX_NO_PACKET']],
    ['invalid server-cert', ['NX_SECURE_TLS_INVALID_SERVER_CERT']],
  ];
  for (const [text, wanted] of statuses) {
    it(`${text}: ${wanted.join(', ')}`, () => {
      const found = lookup(text);
      assert(found.kind === 'statuses', found.kind);
      assert.deepEqual([...names(found.statuses)].sort(), [...wanted].sort());
    });
  }

  it('is a service by its name in any case, before any part of a name', () => {
    assert.deepEqual(lookup('NX_UDP_Socket_Send'), { kind: 'service', service: 'nx_udp_socket_send' });
    assert.deepEqual(lookup('relinquish'), { kind: 'service', service: 'tx_thread_relinquish' });
  });

  it('is every name of which it is a part', () => {
    const found = lookup('ptr');
    assert(found.kind === 'matches');
    assert.deepEqual(names(found.statuses), ['TX_PTR_ERROR', 'NX_PTR_ERROR']);
    const sends = lookup('socket_send');
    assert(sends.kind === 'matches');
    assert(sends.services.includes('nx_udp_socket_send') && sends.services.includes('nxd_udp_socket_send'));
  });

  const mistakes: readonly (readonly [text: string, nearest: string])[] = [
    ['NX_PTR_EROR', 'NX_PTR_ERROR'],
    ['nx_upd_socket_send', 'nx_udp_socket_send'],
    ['invalid_servr_cert', 'NX_SECURE_TLS_INVALID_SERVER_CERT'],
    ['0x1AB', 'NX_SECURE_X509_MISSING_CRYPTO_ROUTINE (0x1AA)'],
  ];
  for (const [text, nearest] of mistakes) {
    it(`${text} is unknown, and ${nearest} is nearest`, () => {
      const found = lookup(text);
      assert(found.kind === 'unknown', found.kind);
      assert.equal(found.nearest[0], nearest);
      assert.equal(found.nearest.length, 3);
    });
  }

  it('is never a name that every object has', () => {
    for (const text of ['constructor', 'toString', '__proto__']) assert.equal(lookup(text).kind, 'unknown', text);
  });

  it('any text means something or nothing', () => {
    fc.assert(fc.property(fc.string(), (text) => lookup(text).kind.length > 0));
  });
});

describe('a page', () => {
  it('has at most 100 columns, whatever it is about', () => {
    const pages = [
      ...STATUSES.map(statusPage),
      ...Object.keys(SERVICES).map((name) => servicePage(explainedService(name))),
      matchesPage(STATUSES, Object.keys(SERVICES)),
    ];
    for (const line of pages.flatMap((page) => page.split('\n'))) {
      assert(line.length <= 100, line);
      assert.equal(line, line.trimEnd());
    }
  });

  it('tells of a status who gives it, and when', () => {
    const [status] = STATUSES.filter(({ name }) => name === 'TX_NOT_OWNED');
    assert(status !== undefined);
    const page = statusPage(status);
    assert.match(page, /^TX_NOT_OWNED {2}0x1E \(30\) {2}ThreadX, kernel\n/);
    assert.match(page, /\n {4}tx_mutex_put: where the caller does not hold it$/);
  });

  it('tells of a status that no service gives it', () => {
    const [status] = STATUSES.filter(({ name }) => name === 'NX_MAX_LISTEN');
    assert(status !== undefined);
    assert.match(statusPage(status), /Not given by any service here\.\n {2}In NetX Duo it is about TCP/);
  });

  it('tells of a service its statuses, or that it has none', () => {
    assert.match(servicePage(explainedService('tx_mutex_put')), /TX_NOT_OWNED {2}0x1E\n[^]*Here: where the caller/);
    assert.equal(servicePage(explainedService('tx_thread_relinquish')), 'tx_thread_relinquish gives no status.');
  });
});
