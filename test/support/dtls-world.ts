import assert from 'node:assert/strict';
import { defineFirmware, SimulationError, statusName, World, type CryptoProvider, type DeviceOptions } from 'txsim';
import {
  out,
  TX_THREAD,
  tx_thread_create,
  tx_thread_sleep,
  type Suspension,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as tls from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { demo, type DemoCredentials } from '../../apps/dtls-echo/credentials/demo.ts';
import { bootNetwork, type TestNetwork } from './dtls-firmware.ts';

export const PORT = 4443;

/** A step of a test's firmware: it may call services. */
export type Step<P extends unknown[], R = void> = (...parts: P) => Generator<Suspension, R, unknown>;

/** What a test changes of an echo server and a client with the demo certificates. */
export interface DtlsWorldParts {
  readonly table?: tls.NX_SECURE_TLS_CRYPTO;
  readonly sessions?: number;
  /** Before the server starts; without it, the server gets the ECDSA demo certificate. */
  readonly prepareServer?: Step<[dtls.NX_SECURE_DTLS_SERVER]>;
  /** In `connect_notify`. */
  readonly onConnect?: Step<[dtls.NX_SECURE_DTLS_SESSION]>;
  readonly onReceive?: (session: dtls.NX_SECURE_DTLS_SESSION) => void;
  readonly onDisconnect?: (session: dtls.NX_SECURE_DTLS_SESSION) => void;
  readonly onError?: (session: dtls.NX_SECURE_DTLS_SESSION | null, status: number) => void;
  /** Before anything runs. */
  readonly onWorld?: (world: World) => void;
  /** What the client's thread does. */
  readonly client: Step<[ClientBench]>;
  readonly serverConfig?: DeviceOptions['config'];
  readonly clientConfig?: DeviceOptions['config'];
  readonly lan?: Parameters<World['lan']>[0];
  readonly clientCrypto?: CryptoProvider;
  /** Ends sessions whose receive gives anything but data or NX_NO_PACKET; so by default. */
  readonly endsSessions?: boolean;
}

/** What the client's thread has at hand. */
export interface ClientBench {
  readonly network: TestNetwork;
  readonly session: dtls.NX_SECURE_DTLS_SESSION;
  readonly socket: nx.NX_UDP_SOCKET;
  readonly address: nx.NXD_ADDRESS;
}

/** How a run went. */
export interface DtlsWorldRun {
  readonly world: World;
  /** What the server's `nx_secure_dtls_server_session_start` gave, one after the other. */
  readonly handshakes: readonly string[];
  /** The server's notify callbacks, in order. */
  readonly callbacks: readonly string[];
  /** The suites of the client's handshakes that succeeded. */
  readonly suites: readonly string[];
}

export function check(status: number): void {
  if (status !== nx.NX_SUCCESS) throw new Error(statusName(status));
}

/** A certificate control block; with its key, an identity. */
export function* initialized(
  der: Uint8Array,
  key: Uint8Array | null = null,
  type: number = tls.NX_SECURE_X509_KEY_TYPE_EC_DER,
): Generator<Suspension, tls.NX_SECURE_X509_CERT, unknown> {
  const block = new tls.NX_SECURE_X509_CERT();
  const length = key?.length ?? 0;
  check(yield* tls.nx_secure_x509_certificate_initialize(block, der, der.length, null, 0, key, length, type));
  return block;
}

/** Gives a server an identity. */
export function* identify(
  server: dtls.NX_SECURE_DTLS_SERVER,
  { certificate, private_key }: DemoCredentials,
  id: number,
  type: number = tls.NX_SECURE_X509_KEY_TYPE_EC_DER,
): Generator<Suspension, tls.NX_SECURE_X509_CERT, unknown> {
  const block = yield* initialized(certificate, private_key, type);
  check(yield* dtls.nx_secure_dtls_server_local_certificate_add(server, block, id));
  return block;
}

/** Starts the client's session; gives its status by name. */
export function* connect(bench: ClientBench, ticks = 1000): Generator<Suspension, string, unknown> {
  const { session, socket, address } = bench;
  return statusName(yield* dtls.nx_secure_dtls_client_session_start(session, socket, address, PORT, ticks));
}

/** Sends a text from the client. */
export function* say(bench: ClientBench, text: string): Generator<Suspension, number, unknown> {
  const { session, network, address } = bench;
  const cell = out<nx.NX_PACKET>();
  check(yield* dtls.nx_secure_dtls_packet_allocate(session, network.pool, cell, 0));
  const bytes = new TextEncoder().encode(text);
  check(yield* nx.nx_packet_data_append(cell.value, bytes, bytes.length, network.pool, 0));
  const status = yield* dtls.nx_secure_dtls_session_send(session, cell.value, address, PORT);
  if (status !== nx.NX_SUCCESS) yield* nx.nx_packet_release(cell.value);
  return status;
}

/** Receives a text at the client; the status by name where there is none. */
export function* hear(bench: ClientBench, ticks = 200): Generator<Suspension, string, unknown> {
  const cell = out<nx.NX_PACKET>();
  const status = yield* dtls.nx_secure_dtls_session_receive(bench.session, cell, ticks);
  if (status !== nx.NX_SUCCESS) return statusName(status);
  const text = new TextDecoder().decode(nx.packetBytes(cell.value));
  yield* nx.nx_packet_release(cell.value);
  return text;
}

function* serve(
  network: TestNetwork,
  parts: DtlsWorldParts,
  run: { handshakes: string[]; callbacks: string[] },
): Thread {
  const { table = tls.nx_crypto_tls_ciphers_all, sessions = 4, endsSessions = true } = parts;
  const server = new dtls.NX_SECURE_DTLS_SERVER();
  const metadata_size = out<ULONG>();
  yield* tls.nx_secure_tls_metadata_size_calculate(table, metadata_size);
  const buffer = new Uint8Array(sessions * dtls.NX_SECURE_DTLS_SESSION.sizeof);
  const metadata = new Uint8Array(sessions * metadata_size.value);
  const reassembly = new Uint8Array(sessions * 4096);
  const begun: dtls.NX_SECURE_DTLS_SESSION[] = [];
  const readable: dtls.NX_SECURE_DTLS_SESSION[] = [];
  const status = yield* dtls.nx_secure_dtls_server_create(
    server,
    network.ip,
    PORT,
    100,
    buffer,
    buffer.length,
    table,
    metadata,
    metadata.length,
    reassembly,
    reassembly.length,
    function* (session) {
      run.callbacks.push('connect');
      if (parts.onConnect !== undefined) yield* parts.onConnect(session);
      begun.push(session);
      return nx.NX_SUCCESS;
    },
    (session) => {
      run.callbacks.push('receive');
      parts.onReceive?.(session);
      readable.push(session);
      return nx.NX_SUCCESS;
    },
  );
  check(status);
  const disconnect = (session: dtls.NX_SECURE_DTLS_SESSION): number => {
    run.callbacks.push('disconnect');
    parts.onDisconnect?.(session);
    readable.push(session);
    return nx.NX_SUCCESS;
  };
  const error = (session: dtls.NX_SECURE_DTLS_SESSION | null, code: number): number => {
    run.callbacks.push(`error ${statusName(code)}`);
    parts.onError?.(session, code);
    return nx.NX_SUCCESS;
  };
  check(yield* dtls.nx_secure_dtls_server_notify_set(server, disconnect, error));
  if (parts.prepareServer === undefined) yield* identify(server, demo.ecdsa, 1);
  else yield* parts.prepareServer(server);
  check(yield* dtls.nx_secure_dtls_server_start(server));
  for (;;) {
    for (let session = begun.shift(); session !== undefined; session = begun.shift()) {
      const result = yield* dtls.nx_secure_dtls_server_session_start(session, 500);
      run.handshakes.push(statusName(result));
      if (result !== nx.NX_SUCCESS) yield* dtls.nx_secure_dtls_session_reset(session);
    }
    for (let session = readable.shift(); session !== undefined; session = readable.shift()) {
      yield* echo(session, endsSessions);
    }
    yield* tx_thread_sleep(1);
  }
}

/** Sends back what there is to receive. */
function* echo(session: dtls.NX_SECURE_DTLS_SESSION, ends: boolean): Generator<Suspension, void, unknown> {
  const cell = out<nx.NX_PACKET>();
  const status = yield* dtls.nx_secure_dtls_session_receive(session, cell, 0);
  if (status === nx.NX_SUCCESS) {
    const pool = session.nx_secure_dtls_udp_socket?.nx_udp_socket_ip_ptr?.nx_ip_default_packet_pool ?? null;
    const answer = out<nx.NX_PACKET>();
    const data = nx.packetBytes(cell.value);
    check(yield* dtls.nx_secure_dtls_packet_allocate(session, pool, answer, 0));
    yield* nx.nx_packet_data_append(answer.value, data, data.length, pool, 0);
    yield* nx.nx_packet_release(cell.value);
    check(yield* dtls.nx_secure_dtls_server_session_send(session, answer.value));
  } else if (ends && status !== nx.NX_NO_PACKET) {
    yield* dtls.nx_secure_dtls_session_end(session, 0);
  }
}

/** A device that boots its network and runs one thread. */
function firmwareOf(body: (network: TestNetwork) => Thread): ReturnType<typeof defineFirmware> {
  return defineFirmware((board) => {
    const network = bootNetwork(board);
    const thread = new TX_THREAD();
    return {
      *tx_application_define(ram) {
        yield* network.define(ram);
        yield* tx_thread_create(thread, 'main', () => body(network), 0, network.take(2048), 2048, 4, 4, 0, 1);
      },
    };
  });
}

/** Runs an echo server and a client until the client's thread is through; what it throws fails the test. */
export function runDtlsWorld(parts: DtlsWorldParts): DtlsWorldRun {
  const { table = tls.nx_crypto_tls_ciphers_all } = parts;
  const run = { handshakes: [] as string[], callbacks: [] as string[] };
  let done = false;
  let failure: unknown;
  const client = firmwareOf(function* (network): Thread {
    yield* tx_thread_sleep(5);
    const session = new dtls.NX_SECURE_DTLS_SESSION();
    const socket = new nx.NX_UDP_SOCKET();
    const address = new nx.NXD_ADDRESS();
    address.nxd_ip_version = 4;
    address.nxd_ip_address.v4 = nx.IP_ADDRESS(192, 168, 1, 150);
    check(yield* nx.nx_udp_socket_create(network.ip, socket, 's', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 128, 5));
    check(yield* nx.nx_udp_socket_bind(socket, 5000, 0));
    const buffer = (size: number): Uint8Array => new Uint8Array(size);
    const [room, store] = [buffer(4096), buffer(6000)];
    check(
      yield* dtls.nx_secure_dtls_session_create(session, table, buffer(20_000), 20_000, room, 4096, 2, store, 6000),
    );
    for (const [index, { ca }] of [demo.ecdsa, demo.rsa].entries()) {
      const trusted = yield* initialized(ca);
      check(yield* dtls.nx_secure_dtls_session_trusted_certificate_add(session, trusted, index + 1));
    }
    try {
      yield* parts.client({ network, session, socket, address });
    } catch (error) {
      if (error instanceof SimulationError) throw error;
      failure = error;
    }
    // What is on its way still arrives.
    yield* tx_thread_sleep(20);
    done = true;
  });
  const world = new World({ seed: 5 });
  const suites: string[] = [];
  world.trace.listen(({ event }) => {
    if (event.type === 'dtls-connected' && event.role === 'client') suites.push(event.suite);
  });
  const lan = world.lan(parts.lan);
  const { serverConfig, clientConfig, clientCrypto } = parts;
  const server = firmwareOf((network) => serve(network, parts, run));
  const address = '192.168.1.150';
  world.device('server', { firmware: server, lan, address, ...(serverConfig && { config: serverConfig }) });
  world.device('client', {
    firmware: client,
    lan,
    ...(clientConfig && { config: clientConfig }),
    ...(clientCrypto && { crypto: clientCrypto }),
  });
  parts.onWorld?.(world);
  world.run({ until: '600s', stopWhen: () => done });
  if (failure instanceof Error) throw failure;
  assert(done, 'the client did not come to its end');
  return { world, suites, ...run };
}
