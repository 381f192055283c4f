import { defineFirmware, World } from 'txsim';
import { TX_THREAD, tx_thread_create, type Op, type Suspension, type Thread } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as tls from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { demo, type DemoCredentials } from '../../../apps/dtls-echo/credentials/demo.ts';
import { bootNetwork, type TestNetwork } from '../../support/dtls-firmware.ts';
import type { Peer } from './peer.ts';
import { DEVICE_ADDRESS, DEVICE_PORT, PEER_ADDRESS, peerFirmware } from './peer-firmware.ts';

/** What a scenario has at hand, in a thread of the device under test. */
export interface Bench {
  readonly network: TestNetwork;
  /** Bound, on no particular port. */
  readonly socket: nx.NX_UDP_SOCKET;
  /** Created, with both demo roots trusted. */
  readonly session: dtls.NX_SECURE_DTLS_SESSION;
  /** Created, with the demo certificate; not started. */
  readonly server: dtls.NX_SECURE_DTLS_SERVER;
  /** Initialised, in no store. */
  readonly certificate: tls.NX_SECURE_X509_CERT;
  /** Sessions of the server that connect_notify was called with. */
  readonly begun: dtls.NX_SECURE_DTLS_SESSION[];
  readonly peerAddress: nx.NXD_ADDRESS;
}

/** How a status comes about. */
export interface Scenario {
  readonly when: string;
  /** Who is at the other end; nobody, unless the scenario says. */
  readonly peer?: () => Peer;
  /** The crypto table of session and server. */
  readonly table?: () => tls.NX_SECURE_TLS_CRYPTO;
  /** Calls the service, and gives its status. */
  readonly call: (bench: Bench) => Op<number>;
}

export type Scenarios = Readonly<Record<string, Scenario>>;

/** The scenarios of one service, under the names that the table has them by. */
export const ofService = (service: string, scenarios: Scenarios): Scenarios =>
  Object.fromEntries(Object.entries(scenarios).map(([status, scenario]) => [`${service}: ${status}`, scenario]));

export const memory = (size: number): Uint8Array => new Uint8Array(size);
export const expectSuccess = (status: number): void => {
  if (status !== nx.NX_SUCCESS)
    throw new Error(`the scenario does not get as far as its call: 0x${status.toString(16)}`);
};

export function createSession(
  session: dtls.NX_SECURE_DTLS_SESSION | null,
  table: tls.NX_SECURE_TLS_CRYPTO = tls.nx_crypto_tls_ciphers_ecc,
  metadata = 20_000,
): Op<number> {
  const certificates = memory(8000);
  const [scratch, reassembly] = [memory(metadata), memory(4096)];
  return dtls.nx_secure_dtls_session_create(session, table, scratch, metadata, reassembly, 4096, 2, certificates, 8000);
}

/** What a scenario may want different about a server. */
export interface ServerParts {
  readonly table?: tls.NX_SECURE_TLS_CRYPTO;
  readonly port?: number;
  readonly sessionBuffer?: number;
  readonly begun?: dtls.NX_SECURE_DTLS_SESSION[];
}

export function createServer(
  server: dtls.NX_SECURE_DTLS_SERVER | null,
  ip: nx.NX_IP,
  { table = tls.nx_crypto_tls_ciphers_ecc, port = DEVICE_PORT, sessionBuffer = 5280, begun = [] }: ServerParts = {},
): Op<number> {
  const connect = (session: dtls.NX_SECURE_DTLS_SESSION): number => {
    begun.push(session);
    return nx.NX_SUCCESS;
  };
  const receive = (): number => nx.NX_SUCCESS;
  const [sessions, scratch, reassembly] = [memory(sessionBuffer), memory(20_000), memory(8192)];
  return dtls.nx_secure_dtls_server_create(
    server,
    ip,
    port,
    0,
    sessions,
    sessionBuffer,
    table,
    scratch,
    20_000,
    reassembly,
    8192,
    connect,
    receive,
  );
}

export function initialize(
  certificate: tls.NX_SECURE_X509_CERT,
  { certificate: der, private_key: key }: DemoCredentials = demo.ecdsa,
): Op<number> {
  const type = tls.NX_SECURE_X509_KEY_TYPE_EC_DER;
  return tls.nx_secure_x509_certificate_initialize(certificate, der, der.length, null, 0, key, key.length, type);
}

function* makeBench(network: TestNetwork, table: tls.NX_SECURE_TLS_CRYPTO): Generator<Suspension, Bench> {
  const peerAddress = new nx.NXD_ADDRESS();
  peerAddress.nxd_ip_version = nx.NX_IP_VERSION_V4;
  peerAddress.nxd_ip_address.v4 = nx.IP_ADDRESS(192, 168, 1, 10);
  const bench: Bench = {
    network,
    socket: new nx.NX_UDP_SOCKET(),
    session: new dtls.NX_SECURE_DTLS_SESSION(),
    server: new dtls.NX_SECURE_DTLS_SERVER(),
    certificate: new tls.NX_SECURE_X509_CERT(),
    begun: [],
    peerAddress,
  };
  const { socket, session, server, begun } = bench;
  const { ip } = network;
  expectSuccess(yield* nx.nx_udp_socket_create(ip, socket, 's', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 128, 5));
  expectSuccess(yield* nx.nx_udp_socket_bind(socket, nx.NX_ANY_PORT, 0));
  expectSuccess(yield* createSession(session, table));
  for (const [index, { ca }] of [demo.ecdsa, demo.rsa].entries()) {
    const root = new tls.NX_SECURE_X509_CERT();
    expectSuccess(yield* tls.nx_secure_x509_certificate_initialize(root, ca, ca.length, null, 0, null, 0, 0));
    expectSuccess(yield* dtls.nx_secure_dtls_session_trusted_certificate_add(session, root, index + 1));
  }
  expectSuccess(yield* createServer(server, ip, { table, begun }));
  const identity = new tls.NX_SECURE_X509_CERT();
  expectSuccess(yield* initialize(identity));
  expectSuccess(yield* dtls.nx_secure_dtls_server_local_certificate_add(server, identity, 1));
  expectSuccess(yield* initialize(bench.certificate));
  return bench;
}

/** Plays a scenario in a world of its own, and gives the status it ends with. */
export function play(scenario: Scenario): number {
  const world = new World({ seed: 7 });
  const lan = world.lan();
  const end: { status: number | null; error: Error | null } = { status: null, error: null };
  const firmware = defineFirmware((board) => {
    const network = bootNetwork(board);
    return {
      *tx_application_define(ram) {
        yield* network.define(ram);
        const entry = function* (): Thread {
          try {
            const table = scenario.table?.() ?? tls.nx_crypto_tls_ciphers_ecc;
            const bench = yield* makeBench(network, table);
            end.status = yield* scenario.call(bench);
          } catch (error) {
            end.error = error instanceof Error ? error : new Error(String(error));
          }
        };
        yield* tx_thread_create(new TX_THREAD(), 'main', entry, 0, network.take(2048), 2048, 4, 4, 0, 1);
      },
    };
  });
  world.device('device', { firmware, lan, address: DEVICE_ADDRESS });
  if (scenario.peer !== undefined) {
    world.device('peer', { firmware: peerFirmware(scenario.peer()), lan, address: PEER_ADDRESS });
  }
  world.run({ until: '100s', stopWhen: () => end.status !== null || end.error !== null });
  if (end.error !== null) throw end.error;
  if (end.status === null) throw new Error('the call never returned');
  return end.status;
}
