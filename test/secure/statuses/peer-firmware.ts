import { defineFirmware, type Firmware } from 'txsim';
import { out, TX_THREAD, tx_thread_create, tx_thread_sleep, type Suspension, type Thread } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { bootNetwork } from '../../support/dtls-firmware.ts';
import type { Peer } from './peer.ts';

export const DEVICE_ADDRESS = '192.168.1.150';
export const DEVICE_PORT = 4443;
export const PEER_ADDRESS = '192.168.1.10';
export const PEER_PORT = 5684;
const DEVICE = nx.IP_ADDRESS(192, 168, 1, 150);

/** The device that a peer runs on: a UDP socket and a thread that asks the peer what to send. */
export function peerFirmware(peer: Peer): Firmware {
  return defineFirmware((board) => {
    const network = bootNetwork(board);
    const socket = new nx.NX_UDP_SOCKET();
    function* send(bytes: Uint8Array, address: number, port: number): Generator<Suspension, void> {
      const cell = out<nx.NX_PACKET>();
      yield* nx.nx_packet_allocate(network.pool, cell, nx.NX_UDP_PACKET, 100);
      yield* nx.nx_packet_data_append(cell.value, bytes, bytes.length, network.pool, 100);
      yield* nx.nx_udp_socket_send(socket, cell.value, address, port);
    }
    return {
      *tx_application_define(ram) {
        yield* network.define(ram);
        const entry = function* (): Thread {
          yield* nx.nx_udp_socket_create(network.ip, socket, 'peer', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 128, 20);
          yield* nx.nx_udp_socket_bind(socket, PEER_PORT, 0);
          yield* tx_thread_sleep(5);
          for (const bytes of peer.begin()) yield* send(bytes, DEVICE, DEVICE_PORT);
          for (;;) {
            const cell = out<nx.NX_PACKET>();
            yield* nx.nx_udp_socket_receive(socket, cell, nx.NX_WAIT_FOREVER);
            const datagram = nx.packetBytes(cell.value).slice();
            const [address, port] = [out<number>(), out<number>()];
            yield* nx.nx_udp_source_extract(cell.value, address, port);
            yield* nx.nx_packet_release(cell.value);
            for (const bytes of peer.answer(datagram)) yield* send(bytes, address.value, port.value);
          }
        };
        yield* tx_thread_create(new TX_THREAD(), 'peer', entry, 0, network.take(2048), 2048, 4, 4, 0, 1);
      },
    };
  });
}
