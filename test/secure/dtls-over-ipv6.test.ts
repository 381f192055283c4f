import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { statusName, World, type Firmware } from 'txsim';
import { out, tx_thread_sleep } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as tls from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { demo } from '../../apps/dtls-echo/credentials/demo.ts';
import { formatAddressAndPort } from '../../netx/nxd-address.ts';
import { startDtlsServer } from '../support/dtls-firmware.ts';
import { connect, hear, initialized, say, type ClientBench } from '../support/dtls-world.ts';
import { ipv6, ipv6Firmware } from '../support/ipv6-firmware.ts';

/** Echoes what its sessions receive, with the peer's address before it. */
const server = (address: string): Firmware =>
  ipv6Firmware(
    function* (network) {
      yield* startDtlsServer(
        network,
        {
          connect: () => nx.NX_SUCCESS,
          *receive(session) {
            const cell = out<nx.NX_PACKET>();
            const status = yield* dtls.nx_secure_dtls_session_receive(session, cell, 0);
            if (status !== nx.NX_SUCCESS) return nx.NX_SUCCESS;
            const text = new TextDecoder().decode(nx.packetBytes(cell.value));
            yield* nx.nx_packet_release(cell.value);
            const { nx_secure_dtls_remote_ip_address: peer, nx_secure_dtls_remote_port: port } = session;
            const bytes = new TextEncoder().encode(`${formatAddressAndPort(peer, port)} ${text}`);
            yield* dtls.nx_secure_dtls_packet_allocate(session, network.pool, cell, 0);
            yield* nx.nx_packet_data_append(cell.value, bytes, bytes.length, network.pool, 0);
            return yield* dtls.nx_secure_dtls_server_session_send(session, cell.value);
          },
          disconnect: () => nx.NX_SUCCESS,
        },
        3,
      );
    },
    { addresses: [address] },
  );

/** Says two things to the server from one port, and prints what comes back. */
const client = (own: string, peer: string, name: string): Firmware =>
  ipv6Firmware(
    function* (network, socket) {
      const session = new dtls.NX_SECURE_DTLS_SESSION();
      const table = tls.nx_crypto_tls_ciphers_ecc;
      yield* nx.nx_udp_socket_bind(socket, 5000, 0);
      const buffer = (size: number): Uint8Array => new Uint8Array(size);
      const metadata = buffer(20_000);
      const room = buffer(4096);
      const store = buffer(6000);
      yield* dtls.nx_secure_dtls_session_create(session, table, metadata, 20_000, room, 4096, 2, store, 6000);
      const trusted = yield* initialized(demo.ecdsa.ca);
      yield* dtls.nx_secure_dtls_session_trusted_certificate_add(session, trusted, 1);
      const bench: ClientBench = { network, session, socket, address: ipv6(peer) };
      network.board.print(yield* connect(bench));
      for (const word of ['one', 'two']) {
        assert.equal(yield* say(bench, `${name} ${word}`), nx.NX_SUCCESS);
        network.board.print(yield* hear(bench));
        yield* tx_thread_sleep(5);
      }
      network.board.print(statusName(yield* dtls.nx_secure_dtls_session_end(session, 100)));
    },
    { addresses: [own] },
  );

describe('DTLS over IPv6', () => {
  for (const [kind, peer, owns] of [
    ['global', '2001:db8::1', ['2001:db8::a', '2001:db8::b']],
    ['link-local', 'fe80::ff:fe00:1', ['fe80::ff:fe00:2', 'fe80::ff:fe00:3']],
  ] as const) {
    it(`two clients with one port at one server are told apart: ${kind} addresses`, () => {
      const world = new World({ seed: 5 });
      const lan = world.lan({ jitter: '100us' });
      const peers: string[] = [];
      world.trace.listen(({ event }) => {
        if (event.type === 'dtls-connected' && event.role === 'server') peers.push(event.peer);
      });
      world.device('server', { firmware: server('2001:db8::1'), lan });
      for (const name of ['ada', 'bob']) {
        world.device(name, { firmware: client(`2001:db8::${name.charAt(0)}`, peer, name), lan, memory: 512 * 1024 });
      }
      world.run({ until: '60s' });
      assert.deepEqual(world.leaks(), []);
      for (const [index, name] of ['ada', 'bob'].entries()) {
        const from = `[${owns[index] ?? ''}]:5000`;
        assert.equal(
          world.devices.get(name)?.output.toString(),
          `NX_SUCCESS (0x00)\n${from} ${name} one\n${from} ${name} two\nNX_SUCCESS (0x00)`,
        );
      }
      assert.deepEqual(peers.toSorted(), owns.map((own) => `[${own}]:5000`).toSorted());
    });
  }
});
