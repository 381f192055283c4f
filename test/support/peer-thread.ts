import { defineFirmware, type Board, type Firmware } from 'txsim';
import { TX_AUTO_START, TX_NO_TIME_SLICE, TX_THREAD, tx_thread_create, type Thread } from 'txsim/tx_api';
import { create_network, type Network } from '../../apps/dtls-echo/network.ts';

const STACK = 4096;

/**
 * A firmware of one thread with a network.
 *
 * @param packets - bytes for the packet pool
 */
export function peerThread(name: string, packets: number, entry: (board: Board, network: Network) => Thread): Firmware {
  return defineFirmware((board) => {
    const network = create_network(board);
    const thread = new TX_THREAD();
    return {
      *tx_application_define(memory) {
        yield* network.define(memory, packets);
        const run = (): Thread => entry(board, network);
        const stack = network.take(STACK);
        yield* tx_thread_create(thread, name, run, 0, stack, STACK, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
      },
    };
  });
}
