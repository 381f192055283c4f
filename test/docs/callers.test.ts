import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineFirmware, statusName, World } from 'txsim';
import { out, type Op, type UINT, type ULONG } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as tls from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { parseCertificate } from '../../secure/x509/certificate.ts';
import { demo } from '../../apps/dtls-echo/credentials/demo.ts';
import { bootNetwork } from '../support/dtls-firmware.ts';
import { control } from '../support/x509-services.ts';
import { readDocument, rowsOf } from './document.ts';

const table = tls.nx_crypto_tls_ciphers_all;
const bytes = (length: number): Uint8Array => new Uint8Array(length);
const note = (): UINT => nx.NX_SUCCESS;
const { nx_crypto_ecc_curves: curves } = dtls;

type Calls = Readonly<Record<string, () => Op<UINT>>>;

/** Calls services from `tx_application_define`, one after the other; gives their statuses. */
function whileBooting(calls: (ip: nx.NX_IP, pool: nx.NX_PACKET_POOL) => Calls): Readonly<Record<string, string>> {
  const statuses: Record<string, string> = {};
  const firmware = defineFirmware((board) => {
    const network = bootNetwork(board);
    return {
      *tx_application_define(memory) {
        yield* network.define(memory);
        for (const [name, call] of Object.entries(calls(network.ip, network.pool))) {
          statuses[name] = statusName(yield* call());
        }
      },
    };
  });
  const world = new World();
  world.device('device', { firmware, lan: world.lan() });
  world.run({ until: '1ms' });
  return statuses;
}

/** The services of the document of which it says so in the column `from`. */
function services(from: string): readonly string[] {
  const [, section = ''] = readDocument('docs/dtls.md').text.split('\n## The services\n');
  const [ofSection = ''] = section.split(/^## /m);
  return rowsOf(ofSection)
    .filter((row) => row[2]?.startsWith(from) === true)
    .map(([name]) => name ?? '');
}

function certificates(): readonly [tls.NX_SECURE_X509_CERT, tls.NX_SECURE_X509_CERT] {
  const [one, two] = [demo.ecdsa, demo.rsa].map(({ certificate }) => {
    const parsed = parseCertificate(certificate);
    return control(parsed.ok ? parsed.certificate : null);
  });
  assert(one !== undefined && two !== undefined);
  return [one, two];
}

describe('who may call the services, by docs/dtls.md', () => {
  it('set-up services: tx_application_define too', () => {
    const [one, two] = certificates();
    const [session, server] = [new dtls.NX_SECURE_DTLS_SESSION(), new dtls.NX_SECURE_DTLS_SERVER()];
    const part = session.nx_secure_dtls_tls_session;
    const [version, name] = [dtls.NX_SECURE_DTLS_VERSION_1_2, new tls.NX_SECURE_X509_DNS_NAME()];
    const statuses = whileBooting((ip, pool) => ({
      nx_secure_tls_initialize: () => tls.nx_secure_tls_initialize(),
      nx_secure_dtls_initialize: () => dtls.nx_secure_dtls_initialize(),
      nx_secure_tls_metadata_size_calculate: () => tls.nx_secure_tls_metadata_size_calculate(table, out<ULONG>()),
      nx_secure_dtls_session_create: () =>
        dtls.nx_secure_dtls_session_create(
          session,
          table,
          bytes(20_000),
          20_000,
          bytes(4096),
          4096,
          1,
          bytes(3000),
          3000,
        ),
      nx_secure_dtls_server_create: () =>
        dtls.nx_secure_dtls_server_create(
          server,
          ip,
          4443,
          10,
          bytes(2640),
          2640,
          table,
          bytes(20_000),
          20_000,
          bytes(4096),
          4096,
          note,
          note,
        ),
      nx_secure_dtls_server_notify_set: () => dtls.nx_secure_dtls_server_notify_set(server, note, note),
      nx_secure_dtls_server_local_certificate_add: () =>
        dtls.nx_secure_dtls_server_local_certificate_add(server, one, 1),
      nx_secure_dtls_server_local_certificate_remove: () =>
        dtls.nx_secure_dtls_server_local_certificate_remove(server, null, 0, 1),
      nx_secure_dtls_server_trusted_certificate_add: () =>
        dtls.nx_secure_dtls_server_trusted_certificate_add(server, one, 1),
      nx_secure_dtls_server_trusted_certificate_remove: () =>
        dtls.nx_secure_dtls_server_trusted_certificate_remove(server, null, 0, 1),
      nx_secure_dtls_session_local_certificate_add: () =>
        dtls.nx_secure_dtls_session_local_certificate_add(session, two, 1),
      nx_secure_dtls_session_local_certificate_remove: () =>
        dtls.nx_secure_dtls_session_local_certificate_remove(session, null, 0, 1),
      nx_secure_dtls_session_trusted_certificate_add: () =>
        dtls.nx_secure_dtls_session_trusted_certificate_add(session, two, 1),
      nx_secure_dtls_session_trusted_certificate_remove: () =>
        dtls.nx_secure_dtls_session_trusted_certificate_remove(session, null, 0, 1),
      nx_secure_dtls_server_x509_client_verify_configure: () =>
        dtls.nx_secure_dtls_server_x509_client_verify_configure(server, 1, bytes(3000), 3000),
      nx_secure_dtls_server_x509_client_verify_disable: () =>
        dtls.nx_secure_dtls_server_x509_client_verify_disable(server),
      nx_secure_dtls_psk_add: () => dtls.nx_secure_dtls_psk_add(session, bytes(16), 16, bytes(4), 4, null, 0),
      nx_secure_dtls_server_psk_add: () =>
        dtls.nx_secure_dtls_server_psk_add(server, bytes(16), 16, bytes(4), 4, null, 0),
      nx_secure_x509_dns_name_initialize: () => tls.nx_secure_x509_dns_name_initialize(name, bytes(4), 4),
      nx_secure_tls_session_alert_value_get: () => tls.nx_secure_tls_session_alert_value_get(part, out(), out()),
      nx_secure_dtls_ecc_initialize: () => dtls.nx_secure_dtls_ecc_initialize(session, [23], 1, curves),
      nx_secure_dtls_server_ecc_initialize: () => dtls.nx_secure_dtls_server_ecc_initialize(server, [23], 1, curves),
      nx_secure_dtls_client_protocol_version_override: () =>
        dtls.nx_secure_dtls_client_protocol_version_override(session, version),
      nx_secure_dtls_server_protocol_version_override: () =>
        dtls.nx_secure_dtls_server_protocol_version_override(server, version),
      // Nobody is connected, but that is the only objection.
      nx_secure_dtls_session_client_info_get: () =>
        dtls.nx_secure_dtls_session_client_info_get(session, new nx.NXD_ADDRESS(), out(), out()),
      nx_secure_dtls_packet_allocate: () =>
        dtls.nx_secure_dtls_packet_allocate(session, pool, out<nx.NX_PACKET>(), nx.NX_NO_WAIT),
      nx_secure_dtls_session_reset: () => dtls.nx_secure_dtls_session_reset(session),
      nx_secure_dtls_session_delete: () => dtls.nx_secure_dtls_session_delete(session),
    }));
    assert.deepEqual(Object.keys(statuses).toSorted(), services('set-up').toSorted());
    const { nx_secure_dtls_session_client_info_get: info, ...others } = statuses;
    assert.equal(info, statusName(nx.NX_INVALID_SOCKET));
    for (const [service, status] of Object.entries(others)) assert.equal(status, 'NX_SUCCESS (0x00)', service);
  });

  it('those that check: nobody but threads', () => {
    const [one] = certificates();
    const session = new dtls.NX_SECURE_DTLS_SESSION();
    const part = session.nx_secure_dtls_tls_session;
    const { certificate: der } = demo.ecdsa;
    const name = new tls.NX_SECURE_X509_DNS_NAME();
    const statuses = whileBooting(() => ({
      create: () => dtls.nx_secure_dtls_session_create(session, table, bytes(20_000), 20_000, null, 0, 0, null, 0),
      nx_secure_x509_certificate_initialize: () =>
        tls.nx_secure_x509_certificate_initialize(one, der, der.length, null, 0, null, 0, 0),
      nx_secure_x509_common_name_dns_check: () => tls.nx_secure_x509_common_name_dns_check(one, bytes(4), 4),
      nx_secure_x509_key_usage_extension_parse: () => tls.nx_secure_x509_key_usage_extension_parse(one, out()),
      nx_secure_x509_extended_key_usage_extension_parse: () =>
        tls.nx_secure_x509_extended_key_usage_extension_parse(one, 1),
      nx_secure_x509_crl_revocation_check: () =>
        tls.nx_secure_x509_crl_revocation_check(bytes(4), 4, part.certificates, one),
      nx_secure_tls_session_time_function_set: () => tls.nx_secure_tls_session_time_function_set(part, null),
      nx_secure_tls_session_certificate_callback_set: () =>
        tls.nx_secure_tls_session_certificate_callback_set(part, null),
      nx_secure_tls_session_server_callback_set: () => tls.nx_secure_tls_session_server_callback_set(part, null),
      nx_secure_tls_session_client_callback_set: () => tls.nx_secure_tls_session_client_callback_set(part, null),
      nx_secure_tls_session_sni_extension_set: () => tls.nx_secure_tls_session_sni_extension_set(part, name),
      nx_secure_tls_session_sni_extension_parse: () => tls.nx_secure_tls_session_sni_extension_parse(part, [], 0, name),
      nx_secure_tls_active_certificate_set: () => tls.nx_secure_tls_active_certificate_set(part, one),
      nx_secure_tls_session_client_verify_enable: () => tls.nx_secure_tls_session_client_verify_enable(part),
      nx_secure_tls_session_client_verify_disable: () => tls.nx_secure_tls_session_client_verify_disable(part),
      nx_secure_tls_session_x509_client_verify_configure: () =>
        tls.nx_secure_tls_session_x509_client_verify_configure(part, 1, bytes(3000), 3000),
      nx_secure_tls_remote_certificate_buffer_allocate: () =>
        tls.nx_secure_tls_remote_certificate_buffer_allocate(part, 1, bytes(3000), 3000),
      nx_secure_tls_psk_add: () => tls.nx_secure_tls_psk_add(part, bytes(16), 16, bytes(4), 4, null, 0),
      nx_secure_tls_client_psk_set: () => tls.nx_secure_tls_client_psk_set(part, bytes(16), 16, bytes(4), 4, null, 0),
      nx_secure_tls_session_protocol_version_override: () =>
        tls.nx_secure_tls_session_protocol_version_override(part, dtls.NX_SECURE_DTLS_VERSION_1_2),
    }));
    const { create, ...checked } = statuses;
    assert.equal(create, 'NX_SUCCESS (0x00)');
    // A server's session has a client only once threads run.
    const tested = [...Object.keys(checked), 'nx_secure_dtls_server_session_start'];
    assert.deepEqual(tested.toSorted(), services('checked').toSorted());
    for (const [service, status] of Object.entries(checked)) {
      assert.equal(status, statusName(nx.NX_CALLER_ERROR), service);
    }
  });
});
