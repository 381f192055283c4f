import { statusName, type Board } from 'txsim';
import { out, type Callback, type Op, type Suspension, type Thread, type ULONG, type UINT } from 'txsim/tx_api';
import {
  NX_IP,
  NX_PACKET_POOL,
  NX_SUCCESS,
  nx_arp_enable,
  nx_ip_create,
  nx_packet_pool_create,
  nx_udp_enable,
  type NXD_ADDRESS,
} from 'txsim/nx_api';
import {
  NX_SECURE_X509_CERT,
  NX_SECURE_X509_KEY_TYPE_EC_DER,
  nx_crypto_tls_ciphers_ecc,
  nx_secure_tls_metadata_size_calculate,
  nx_secure_x509_certificate_initialize,
} from 'txsim/nx_secure_tls_api';
import {
  NX_SECURE_DTLS_SERVER,
  NX_SECURE_DTLS_SESSION,
  nx_secure_dtls_server_create,
  nx_secure_dtls_server_local_certificate_add,
  nx_secure_dtls_server_notify_set,
  nx_secure_dtls_server_session_start,
  nx_secure_dtls_server_start,
} from 'txsim/nx_secure_dtls_api';
import { tx_thread_sleep } from 'txsim/tx_api';
import { demo } from '../../apps/dtls-echo/credentials/demo.ts';

/** The network of a test's device. */
export interface TestNetwork {
  readonly board: Board;
  readonly pool: NX_PACKET_POOL;
  readonly ip: NX_IP;
  /** Memory that nobody else has; to be used once the network is defined. */
  readonly take: (bytes: number) => Uint8Array;
  /** Creates pool, IP instance, ARP and UDP. */
  readonly define: (memory: Uint8Array) => Generator<Suspension, void>;
}

export function bootNetwork(board: Board, packets = 40, payload = 1536): TestNetwork {
  const pool = new NX_PACKET_POOL();
  const ip = new NX_IP();
  let free: Uint8Array = new Uint8Array(0);
  const take = (bytes: number): Uint8Array => {
    const taken = free.subarray(0, bytes);
    free = free.subarray(bytes);
    return taken;
  };
  return {
    board,
    pool,
    ip,
    take,
    *define(memory) {
      free = memory;
      const size = packets * (payload + 60);
      const driver = board.network_driver;
      const { ip_address, network_mask } = board;
      const steps = [
        yield* nx_packet_pool_create(pool, 'pool', payload, take(size), size),
        yield* nx_ip_create(ip, 'IP thread', ip_address, network_mask, pool, driver, take(2048), 2048, 1),
        yield* nx_arp_enable(ip, take(1024), 1024),
        yield* nx_udp_enable(ip),
      ];
      if (steps.some((status) => status !== NX_SUCCESS)) throw new Error(`the network does not boot: ${steps.join()}`);
    },
  };
}

export interface ServerCallbacks {
  readonly connect: Callback<[NX_SECURE_DTLS_SESSION, NXD_ADDRESS, UINT], UINT>;
  readonly receive: Callback<[NX_SECURE_DTLS_SESSION], UINT>;
  readonly disconnect: Callback<[NX_SECURE_DTLS_SESSION], UINT>;
  readonly error?: Callback<[NX_SECURE_DTLS_SESSION | null, UINT], UINT>;
}

function check(status: number): void {
  if (status !== NX_SUCCESS) throw new Error(statusName(status));
}

/** Starts a DTLS server on port 4443 with the demo certificate, and goes on to answer the handshakes that begin. */
export function* startDtlsServer(network: TestNetwork, callbacks: ServerCallbacks, sessions = 2): Thread {
  const server = new NX_SECURE_DTLS_SERVER();
  const certificate = new NX_SECURE_X509_CERT();
  const table = nx_crypto_tls_ciphers_ecc;
  const metadata_size = out<ULONG>();
  yield* nx_secure_tls_metadata_size_calculate(table, metadata_size);
  const session_buffer = new Uint8Array(sessions * NX_SECURE_DTLS_SESSION.sizeof);
  const metadata = new Uint8Array(sessions * metadata_size.value);
  const reassembly = new Uint8Array(sessions * 4096);
  const begun: NX_SECURE_DTLS_SESSION[] = [];
  const connect = (session: NX_SECURE_DTLS_SESSION, address: NXD_ADDRESS, port: UINT): UINT | Op<UINT> => {
    begun.push(session);
    return callbacks.connect(session, address, port);
  };
  check(
    yield* nx_secure_dtls_server_create(
      server,
      network.ip,
      4443,
      100,
      session_buffer,
      session_buffer.length,
      table,
      metadata,
      metadata.length,
      reassembly,
      reassembly.length,
      connect,
      callbacks.receive,
    ),
  );
  check(yield* nx_secure_dtls_server_notify_set(server, callbacks.disconnect, callbacks.error ?? null));
  const { certificate: der, private_key: key } = demo.ecdsa;
  const type = NX_SECURE_X509_KEY_TYPE_EC_DER;
  check(yield* nx_secure_x509_certificate_initialize(certificate, der, der.length, null, 0, key, key.length, type));
  check(yield* nx_secure_dtls_server_local_certificate_add(server, certificate, 1));
  check(yield* nx_secure_dtls_server_start(server));
  for (;;) {
    const session = begun.shift();
    if (session === undefined) yield* tx_thread_sleep(1);
    else yield* nx_secure_dtls_server_session_start(session, 500);
  }
}
