import { statusName, type Board, type Firmware } from 'txsim';
import { out, type Suspension, type Thread, type ULONG } from 'txsim/tx_api';
import {
  IP_ADDRESS,
  NX_ANY_PORT,
  NX_FRAGMENT_OKAY,
  NX_IP_NORMAL,
  NX_IP_TIME_TO_LIVE,
  NX_IP_VERSION_V4,
  NX_NO_WAIT,
  NX_SUCCESS,
  NX_UDP_SOCKET,
  NXD_ADDRESS,
  nx_packet_data_append,
  nx_packet_data_retrieve,
  nx_packet_release,
  nx_udp_socket_bind,
  nx_udp_socket_create,
  type NX_PACKET,
} from 'txsim/nx_api';
import {
  NX_SECURE_X509_CERT,
  nx_crypto_tls_ciphers_all,
  nx_secure_tls_metadata_size_calculate,
  nx_secure_tls_session_time_function_set,
  type NX_SECURE_TLS_CRYPTO,
} from 'txsim/nx_secure_tls_api';
import {
  NX_SECURE_DTLS_SESSION,
  nx_secure_dtls_client_session_start,
  nx_secure_dtls_packet_allocate,
  nx_secure_dtls_psk_add,
  nx_secure_dtls_session_create,
  nx_secure_dtls_session_end,
  nx_secure_dtls_session_local_certificate_add,
  nx_secure_dtls_session_receive,
  nx_secure_dtls_session_send,
  nx_secure_dtls_session_trusted_certificate_add,
} from 'txsim/nx_secure_dtls_api';
import type { Network } from '../../apps/dtls-echo/network.ts';
import { ascii, certificateBlock, check, type Credentials } from './peer-credentials.ts';
import { peerThread } from './peer-thread.ts';

const REASSEMBLY = 4096;
const CERTIFICATES = 3;
/** What the client connects to; the test says where on the host that is. */
export const PEER = '10.0.0.9:4443';

/** A DTLS client for real servers. */
export interface ClientSetup extends Credentials {
  /** Every suite of txsim unless said otherwise. */
  readonly table?: NX_SECURE_TLS_CRYPTO;
  /** What it sends once connected. Default: `ping` and a line feed. */
  readonly request?: Uint8Array;
  /** How the answer is printed; as text unless said otherwise. */
  readonly show?: (answer: Uint8Array) => string;
  /** How often it connects, with the same control block. */
  readonly rounds?: number;
  /** How long a handshake may take, in seconds. */
  readonly patience?: number;
}

/** A firmware that prints `connected`, `received '…'` and `closed`, or `refused: STATUS`. */
export function peerClient(setup: ClientSetup): Firmware {
  return peerThread('client', 50_000, (board, network) => connect(board, network, setup));
}

function* connect(board: Board, network: Network, setup: ClientSetup): Thread {
  const second = board.config.NX_IP_PERIODIC_RATE;
  const socket = new NX_UDP_SOCKET();
  const { ip_instance: ip } = network;
  check(yield* nx_udp_socket_create(ip, socket, 'client', NX_IP_NORMAL, NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 16));
  check(yield* nx_udp_socket_bind(socket, NX_ANY_PORT, second));
  const session = new NX_SECURE_DTLS_SESSION();
  yield* create(session, setup);
  yield* nx_secure_tls_session_time_function_set(session.nx_secure_dtls_tls_session, board.unix_time);
  const peer = new NXD_ADDRESS();
  peer.nxd_ip_version = NX_IP_VERSION_V4;
  peer.nxd_ip_address.v4 = IP_ADDRESS(10, 0, 0, 9);
  for (let round = 1; round <= (setup.rounds ?? 1); round++) {
    const patience = (setup.patience ?? 20) * second;
    const status = yield* nx_secure_dtls_client_session_start(session, socket, peer, 4443, patience);
    if (status !== NX_SUCCESS) {
      board.print(`refused: ${statusName(status)}`);
      return;
    }
    board.print('connected');
    const answer = yield* exchange(network, session, peer, setup.request ?? ascii('ping\n'), 10 * second);
    const show = setup.show ?? ((bytes: Uint8Array) => Buffer.from(bytes).toString('latin1').trim());
    board.print(typeof answer === 'number' ? `no answer: ${statusName(answer)}` : `received '${show(answer)}'`);
    yield* nx_secure_dtls_session_end(session, second);
    board.print('closed');
  }
}

function* create(session: NX_SECURE_DTLS_SESSION, setup: ClientSetup): Thread {
  const { table = nx_crypto_tls_ciphers_all, identity, psk, trusted = [] } = setup;
  const size = out<ULONG>();
  yield* nx_secure_tls_metadata_size_calculate(table, size);
  const metadata = new Uint8Array(size.value);
  const buffer = new Uint8Array(REASSEMBLY);
  const room = new Uint8Array(CERTIFICATES * (NX_SECURE_X509_CERT.sizeof + 2000));
  check(
    yield* nx_secure_dtls_session_create(
      session,
      table,
      metadata,
      metadata.length,
      buffer,
      buffer.length,
      CERTIFICATES,
      room,
      room.length,
    ),
  );
  if (psk !== undefined) {
    const { key, identity: name, hint } = psk;
    check(yield* nx_secure_dtls_psk_add(session, key, key.length, name, name.length, hint, hint.length));
  }
  for (const [index, der] of trusted.entries()) {
    check(yield* nx_secure_dtls_session_trusted_certificate_add(session, yield* certificateBlock(der), index + 1));
  }
  if (identity !== undefined) {
    const block = yield* certificateBlock(identity.certificate, identity);
    check(yield* nx_secure_dtls_session_local_certificate_add(session, block, 1));
  }
}

/** Sends a request; gives the answer, or the status of what went wrong. */
function* exchange(
  { packet_pool }: Network,
  session: NX_SECURE_DTLS_SESSION,
  peer: NXD_ADDRESS,
  request: Uint8Array,
  ticks: ULONG,
): Generator<Suspension, Uint8Array | number> {
  const packet = out<NX_PACKET>();
  check(yield* nx_secure_dtls_packet_allocate(session, packet_pool, packet, NX_NO_WAIT));
  check(yield* nx_packet_data_append(packet.value, request, request.length, packet_pool, NX_NO_WAIT));
  const sent = yield* nx_secure_dtls_session_send(session, packet.value, peer, 4443);
  if (sent !== NX_SUCCESS) {
    yield* nx_packet_release(packet.value);
    return sent;
  }
  const received = out<NX_PACKET>();
  const status = yield* nx_secure_dtls_session_receive(session, received, ticks);
  if (status !== NX_SUCCESS) return status;
  const answer = new Uint8Array(received.value.nx_packet_length);
  yield* nx_packet_data_retrieve(received.value, answer, out<ULONG>());
  yield* nx_packet_release(received.value);
  return answer;
}
