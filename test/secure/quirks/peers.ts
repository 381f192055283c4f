import { out, type Suspension } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { buildClientHello } from '../../../secure/dtls/wire/client-hello.ts';
import { buildFragment, CLIENT_HELLO } from '../../../secure/dtls/wire/handshake.ts';
import { buildRecord, DTLS_1_0, DTLS_1_2, HANDSHAKE } from '../../../secure/dtls/wire/record.ts';
import { concat } from '../../../secure/dtls/wire/writer.ts';
import type { FrameRule } from '../../../sim/network/rules.ts';
import { check, PORT, type ClientBench } from '../../support/dtls-world.ts';

/** Sends bytes to the server as they are: from the session's own port, or from another. */
export function* rawSend(
  { network, socket, address }: ClientBench,
  bytes: Uint8Array,
  from?: number,
): Generator<Suspension, void, unknown> {
  let sender = socket;
  if (from !== undefined) {
    sender = new nx.NX_UDP_SOCKET();
    check(yield* nx.nx_udp_socket_create(network.ip, sender, 'raw', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 128, 5));
    check(yield* nx.nx_udp_socket_bind(sender, from, 0));
  }
  const packet = out<nx.NX_PACKET>();
  check(yield* nx.nx_packet_allocate(network.pool, packet, nx.NX_UDP_PACKET, 0));
  check(yield* nx.nx_packet_data_append(packet.value, bytes, bytes.length, network.pool, 0));
  check(yield* nx.nxd_udp_socket_send(sender, packet.value, address, PORT));
}

/** A ClientHello in its record, with a cookie. */
export function helloWithCookie(cookie: Uint8Array): Uint8Array {
  const body = buildClientHello({
    version: DTLS_1_2,
    random: new Uint8Array(32),
    sessionId: new Uint8Array(0),
    cookie,
    cipherSuites: [0xc02b],
    compressionMethods: Uint8Array.of(0),
    extensions: {},
  });
  const fragment = buildFragment({ type: CLIENT_HELLO, length: body.length, messageSeq: 0, offset: 0, body });
  return buildRecord({ type: HANDSHAKE, version: DTLS_1_0, epoch: 0, sequence: 0, fragment });
}

/** Two records of application data in one datagram. */
export function sealTwo({ session }: ClientBench, ...texts: readonly [string, string]): Uint8Array {
  const records = texts.map((text) => {
    const sealed = session.machine?.seal(new TextEncoder().encode(text));
    if (sealed?.ok !== true) throw new Error('nothing can be sealed');
    return sealed.record;
  });
  return concat(...records);
}

/** A network on which nothing gets from the server to the client any more, once that has begun. */
export function silenceable(): { readonly rule: FrameRule; readonly begin: () => void } {
  let silent = false;
  return {
    rule: ({ from }) => ({ action: silent && from === 'server' ? 'drop' : 'pass' }),
    begin: () => {
      silent = true;
    },
  };
}
