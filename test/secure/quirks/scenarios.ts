import { statusName } from 'txsim';
import { out, tx_thread_sleep, type Suspension, type UINT } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as tls from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { demo } from '../../../apps/dtls-echo/credentials/demo.ts';
import type { QuirkName } from '../../../secure/quirks.ts';
import { connect, hear, identify, initialized, PORT, runDtlsWorld, say } from '../../support/dtls-world.ts';
import { helloWithCookie, rawSend, sealTwo, silenceable } from './peers.ts';

const SUCCESS = 'NX_SUCCESS (0x00)';
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const GARBAGE = new Uint8Array(20).fill(0x78);
const count = (callbacks: readonly string[], name: string): number => callbacks.filter((one) => one === name).length;

/** What a quirk changes: an observation without it and with it. */
export interface QuirkScenario {
  readonly observe: (config: Readonly<Record<string, string>>) => unknown;
  readonly without: unknown;
  readonly with: unknown;
}

/** A step that gives one status by name, at the server while a client connects, or at the client. */
function statusAtServer(
  config: Readonly<Record<string, string>>,
  step: (session: dtls.NX_SECURE_DTLS_SESSION) => Generator<Suspension, number, unknown>,
): string {
  let status = '';
  runDtlsWorld({
    serverConfig: config,
    *onConnect(session) {
      status = statusName(yield* step(session));
    },
    *client(bench) {
      yield* connect(bench, 100);
    },
  });
  return status;
}

export const SCENARIOS: Readonly<Record<QuirkName, QuirkScenario>> = {
  'garbage-takes-session': {
    observe: (serverConfig) => {
      const { callbacks } = runDtlsWorld({
        serverConfig,
        *client(bench) {
          yield* rawSend(bench, GARBAGE, 6000);
        },
      });
      return count(callbacks, 'connect');
    },
    without: 0,
    with: 1,
  },
  'cookie-not-compared': {
    observe: (serverConfig) => {
      const { callbacks } = runDtlsWorld({
        serverConfig,
        *client(bench) {
          yield* rawSend(bench, helloWithCookie(new Uint8Array(20).fill(7)), 6000);
        },
      });
      return count(callbacks, 'connect');
    },
    without: 0,
    with: 1,
  },
  'disconnect-notify-never-called': {
    observe: (serverConfig) => {
      const { callbacks } = runDtlsWorld({
        serverConfig,
        *client(bench) {
          yield* connect(bench);
          yield* dtls.nx_secure_dtls_session_end(bench.session, 50);
        },
      });
      return count(callbacks, 'disconnect');
    },
    without: 1,
    with: 0,
  },
  'error-notify-without-session-only': {
    observe: (serverConfig) => {
      const { callbacks } = runDtlsWorld({
        serverConfig,
        *client(bench) {
          yield* connect(bench);
          bench.session.machine?.sendAlert({ level: 2, description: 80 });
          yield* dtls.nx_secure_dtls_session_end(bench.session, 50);
        },
      });
      return callbacks.filter((one) => one.startsWith('error'));
    },
    without: ['error NX_SECURE_TLS_ALERT_RECEIVED (0x114)'],
    with: [],
  },
  'receive-notify-for-any-datagram': {
    observe: (serverConfig) => {
      const { callbacks } = runDtlsWorld({
        serverConfig,
        *client(bench) {
          yield* connect(bench);
          yield* rawSend(bench, GARBAGE);
          yield* tx_thread_sleep(10);
        },
      });
      return count(callbacks, 'receive');
    },
    without: 0,
    with: 1,
  },
  'bad-record-alert': {
    observe: (serverConfig) => {
      let heard = '';
      runDtlsWorld({
        serverConfig,
        endsSessions: false,
        *client(bench) {
          yield* connect(bench);
          const forged = Uint8Array.of(23, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 9, 0, 32, ...new Uint8Array(32));
          yield* rawSend(bench, forged);
          heard = yield* hear(bench, 50);
        },
      });
      return heard;
    },
    without: 'NX_NO_PACKET (0x01)',
    with: 'NX_SECURE_TLS_ALERT_RECEIVED (0x114)',
  },
  'two-records-lost': {
    observe: (serverConfig) => {
      const heard: string[] = [];
      runDtlsWorld({
        serverConfig,
        endsSessions: false,
        *client(bench) {
          yield* connect(bench);
          yield* rawSend(bench, sealTwo(bench, 'a', 'b'));
          heard.push(yield* hear(bench, 50));
        },
      });
      return heard;
    },
    without: ['a'],
    with: ['NX_SECURE_TLS_ALERT_RECEIVED (0x114)'],
  },
  'last-flight-not-repeated': {
    observe: (serverConfig) => {
      let status = '';
      let lost = 0;
      const isLastFlight = (bytes: Uint8Array): boolean => bytes[42] === 20;
      runDtlsWorld({
        serverConfig,
        lan: {
          rules: [
            ({ from, bytes }) => ({
              action: from === 'server' && isLastFlight(bytes) && lost++ === 0 ? 'drop' : 'pass',
            }),
          ],
        },
        *client(bench) {
          status = yield* connect(bench, 1000);
        },
      });
      return status;
    },
    without: SUCCESS,
    with: 'NX_NOT_CONNECTED (0x38)',
  },
  'restart-not-seen': {
    observe: (serverConfig) => {
      const results: string[] = [];
      runDtlsWorld({
        serverConfig,
        *client(bench) {
          results.push(yield* connect(bench));
          yield* dtls.nx_secure_dtls_session_reset(bench.session);
          results.push(yield* connect(bench, 500));
        },
      });
      return results;
    },
    without: [SUCCESS, SUCCESS],
    with: [SUCCESS, 'NX_NOT_CONNECTED (0x38)'],
  },
  'session-end-no-packet': {
    observe: (clientConfig) => {
      let status = '';
      const silence = silenceable();
      runDtlsWorld({
        clientConfig,
        lan: { rules: [silence.rule] },
        *client(bench) {
          yield* connect(bench);
          silence.begin();
          status = statusName(yield* dtls.nx_secure_dtls_session_end(bench.session, 20));
        },
      });
      return status;
    },
    without: SUCCESS,
    with: 'NX_NO_PACKET (0x01)',
  },
  'client-start-no-packet': {
    observe: (clientConfig) => {
      let status = '';
      runDtlsWorld({
        clientConfig,
        *client({ session, socket, address }) {
          const start = dtls.nx_secure_dtls_client_session_start;
          status = statusName(yield* start(session, socket, address, PORT + 1, 100));
        },
      });
      return status;
    },
    without: 'NX_NOT_CONNECTED (0x38)',
    with: 'NX_NO_PACKET (0x01)',
  },
  'client-info-not-connected': {
    observe: (config) =>
      statusAtServer(config, function* (session) {
        return yield* dtls.nx_secure_dtls_session_client_info_get(session, new nx.NXD_ADDRESS(), out(), out());
      }),
    without: SUCCESS,
    with: 'NX_NOT_CONNECTED (0x38)',
  },
  'one-psk-less': {
    observe: (clientConfig) => {
      let fitted = 0;
      runDtlsWorld({
        clientConfig,
        *client({ session }) {
          const key = new Uint8Array(16);
          const name = text('name');
          for (;;) {
            const status = yield* dtls.nx_secure_dtls_psk_add(session, key, 16, name, 4, name, 4);
            if (status !== nx.NX_SUCCESS) return;
            fitted += 1;
          }
        },
      });
      return fitted;
    },
    without: 5,
    with: 4,
  },
  'psk-identity-ignored': {
    observe: (serverConfig) => {
      let status = '';
      const key = new Uint8Array(16).fill(3);
      runDtlsWorld({
        serverConfig,
        *prepareServer(server) {
          yield* dtls.nx_secure_dtls_server_psk_add(server, key, 16, text('lamp'), 4, null, 0);
        },
        *client(bench) {
          yield* dtls.nx_secure_dtls_psk_add(bench.session, key, 16, text('lock'), 4, null, 0);
          status = yield* connect(bench, 500);
        },
      });
      return status;
    },
    without: 'NX_SECURE_TLS_ALERT_RECEIVED (0x114)',
    with: SUCCESS,
  },
  'clear-text-before-handshake': {
    observe: (config) =>
      statusAtServer(config, function* (session) {
        const pool = session.nx_secure_dtls_udp_socket?.nx_udp_socket_ip_ptr?.nx_ip_default_packet_pool ?? null;
        const packet = out<nx.NX_PACKET>();
        yield* dtls.nx_secure_dtls_packet_allocate(session, pool, packet, 0);
        yield* nx.nx_packet_data_append(packet.value, text('secret'), 6, pool, 0);
        const status = yield* dtls.nx_secure_dtls_server_session_send(session, packet.value);
        if (status !== nx.NX_SUCCESS) yield* nx.nx_packet_release(packet.value);
        return status;
      }),
    without: 'NX_SECURE_TLS_SESSION_UNINITIALIZED (0x101)',
    with: SUCCESS,
  },
  'delete-destroys-started': {
    observe: (serverConfig) => {
      const seen: unknown[] = [];
      runDtlsWorld({
        serverConfig,
        *onConnect({ server }) {
          seen.push(statusName(yield* dtls.nx_secure_dtls_server_delete(server)));
          seen.push(server?.nx_dtls_server_sessions.length);
        },
        *client(bench) {
          yield* connect(bench, 100);
        },
      });
      return seen;
    },
    without: ['NX_STILL_BOUND (0x42)', 4],
    with: ['NX_STILL_BOUND (0x42)', 0],
  },
  'timeout-is-time-to-live': {
    observe: (serverConfig) => {
      let timeToLive: UINT = 0;
      runDtlsWorld({
        serverConfig,
        *prepareServer(server) {
          timeToLive = server.nx_dtls_server_udp_socket.nx_udp_socket_time_to_live;
          yield* identify(server, demo.ecdsa, 1);
        },
        *client(bench) {
          yield* connect(bench);
        },
      });
      return timeToLive;
    },
    without: 128,
    with: 100,
  },
  'trusted-remove-needs-name': {
    observe: (serverConfig) => {
      let status = '';
      runDtlsWorld({
        serverConfig,
        *prepareServer(server) {
          const trusted = yield* initialized(demo.ecdsa.ca);
          yield* dtls.nx_secure_dtls_server_trusted_certificate_add(server, trusted, 4);
          const remove = dtls.nx_secure_dtls_server_trusted_certificate_remove;
          status = statusName(yield* remove(server, null, 0, 4));
          yield* identify(server, demo.ecdsa, 1);
        },
        *client() {
          yield* tx_thread_sleep(1);
        },
      });
      return status;
    },
    without: SUCCESS,
    with: 'NX_PTR_ERROR (0x07)',
  },
  'remove-by-number-status': {
    observe: (clientConfig) => {
      let status = '';
      runDtlsWorld({
        clientConfig,
        *client({ session }) {
          const remove = dtls.nx_secure_dtls_session_local_certificate_remove;
          status = statusName(yield* remove(session, null, 0, 9));
        },
      });
      return status;
    },
    without: 'NX_SECURE_TLS_CERTIFICATE_NOT_FOUND (0x119)',
    with: 'NX_SECURE_X509_CERTIFICATE_NOT_FOUND (0x18E)',
  },
  'bare-hellos': {
    observe: (serverConfig) => {
      let extensions = 0;
      runDtlsWorld({
        serverConfig,
        *client(bench) {
          const session = bench.session.nx_secure_dtls_tls_session;
          yield* tls.nx_secure_tls_session_client_callback_set(session, (_session, _extensions, number) => {
            extensions = number;
            return nx.NX_SUCCESS;
          });
          yield* connect(bench);
          yield* say(bench, 'hello');
        },
      });
      return extensions;
    },
    without: 3,
    with: 0,
  },
};
