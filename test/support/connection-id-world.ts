import assert from 'node:assert/strict';
import type { Suspension } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import type { NX_SECURE_DTLS_SESSION } from 'txsim/nx_secure_dtls_api';
import { sendBytes } from '../../secure/dtls-transmit.ts';
import { check, PORT, runDtlsWorld, type ClientBench, type Step } from './dtls-world.ts';

/** The macros of a device that wants IDs of a length. */
export const ids = (length: number): { NX_SECURE_DTLS_CONNECTION_ID_LENGTH: number } => ({
  NX_SECURE_DTLS_CONNECTION_ID_LENGTH: length,
});

type Session = NX_SECURE_DTLS_SESSION;

/** Runs a client that can look at the server's session, against a server that wants IDs. */
export function runWithIds(
  body: Step<[bench: ClientBench, session: () => Session]>,
  { server = 8, client: wanted = 0 }: { server?: number; client?: number } = {},
): ReturnType<typeof runDtlsWorld> {
  let session: Session | null = null;
  const ofServer = (): Session => {
    assert(session !== null);
    return session;
  };
  return runDtlsWorld({
    serverConfig: ids(server),
    clientConfig: ids(wanted),
    onReceive: (receiving) => {
      session = receiving;
    },
    client: (bench) => body(bench, ofServer),
  });
}

/** Binds the client's socket to another port, as a NAT in between does to those who were silent for long. */
export function* rebind({ socket }: ClientBench, port: number): ReturnType<Step<[]>> {
  check(yield* nx.nx_udp_socket_unbind(socket));
  check(yield* nx.nx_udp_socket_bind(socket, port, 0));
}

/** A record of the client's, which is not sent. */
export function sealed({ session }: ClientBench, line: string): Uint8Array {
  const result = session.machine?.seal(new TextEncoder().encode(line));
  assert(result?.ok === true);
  return result.record;
}

/** Sends bytes to the server from a socket. */
export function* send(
  { network, address }: ClientBench,
  socket: nx.NX_UDP_SOCKET,
  bytes: Uint8Array,
): ReturnType<Step<[]>> {
  check(yield* sendBytes(network.ip, socket, address, PORT, bytes, 0));
}

/** Somebody else's socket. */
export function* elsewhere({ network }: ClientBench): Generator<Suspension, nx.NX_UDP_SOCKET, unknown> {
  const socket = new nx.NX_UDP_SOCKET();
  check(yield* nx.nx_udp_socket_create(network.ip, socket, 'e', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 128, 5));
  check(yield* nx.nx_udp_socket_bind(socket, 6000, 0));
  return socket;
}
