import { defineFirmware, type Board } from 'txsim';
import {
  TX_AUTO_START,
  TX_MUTEX,
  TX_NO_TIME_SLICE,
  TX_SEMAPHORE,
  TX_THREAD,
  TX_WAIT_FOREVER,
  tx_mutex_create,
  tx_mutex_get,
  tx_semaphore_create,
  tx_semaphore_get,
  tx_thread_create,
  tx_thread_sleep,
  tx_time_get,
  type Thread,
} from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { out } from 'txsim/tx_api';
import { bootNetwork } from '../../support/dtls-firmware.ts';

/** A firmware of one thread. */
const oneThread = (body: (board: Board) => Thread): ReturnType<typeof defineFirmware> =>
  defineFirmware((board) => ({
    *tx_application_define(memory) {
      const entry = (): Thread => body(board);
      yield* tx_thread_create(
        new TX_THREAD(),
        'main',
        entry,
        0,
        memory.subarray(0, 512),
        512,
        5,
        5,
        TX_NO_TIME_SLICE,
        TX_AUTO_START,
      );
    },
  }));

/** Prints `beat 1`, `beat 2` and so on, once a second, with a random number of its own at first. */
export const beater = oneThread(function* ({ print, random }) {
  print(`random ${random()}`);
  for (let beat = 1; ; beat++) {
    yield* tx_thread_sleep(100);
    print(`beat ${beat}`);
  }
});

/** Prints its time of day and its ticks every ten seconds. */
export const clockwork = oneThread(function* ({ print, unix_time }) {
  for (;;) {
    yield* tx_thread_sleep(1000);
    print(`unix ${unix_time()} ticks ${yield* tx_time_get()}`);
  }
});

/** Throws after a second. */
export const thrower = oneThread(function* ({ print }) {
  print('about to throw');
  yield* tx_thread_sleep(100);
  throw new Error('the sensor is not there');
});

/** Waits for ever for a mutex that its own first thread never gives back. */
export const stuck = defineFirmware(() => {
  const mutex = new TX_MUTEX();
  function* take(): Thread {
    yield* tx_mutex_get(mutex, TX_WAIT_FOREVER);
    yield* tx_semaphore_get(semaphore, TX_WAIT_FOREVER);
  }
  const semaphore = new TX_SEMAPHORE();
  return {
    *tx_application_define(memory) {
      yield* tx_mutex_create(mutex, 'bus', 0);
      yield* tx_semaphore_create(semaphore, 'never', 0);
      for (const [nth, name] of ['one', 'two'].entries()) {
        const stack = memory.subarray(nth * 512, nth * 512 + 512);
        yield* tx_thread_create(new TX_THREAD(), name, take, 0, stack, 512, 5, 5, 0, TX_AUTO_START);
      }
    },
  };
});

/** Reads the time for ever: no event ever comes of it. */
export const busy = oneThread(function* () {
  for (;;) yield* tx_time_get();
});

/** Counts presses of its button: an interrupt puts the semaphore. */
export const button = defineFirmware(({ print }) => {
  const pressed = new TX_SEMAPHORE();
  function* count(): Thread {
    for (let presses = 1; ; presses++) {
      yield* tx_semaphore_get(pressed, TX_WAIT_FOREVER);
      print(`pressed ${presses}`);
    }
  }
  return {
    *tx_application_define(memory) {
      yield* tx_semaphore_create(pressed, 'button', 0);
      yield* tx_thread_create(new TX_THREAD(), 'count', count, 0, memory.subarray(0, 512), 512, 5, 5, 0, TX_AUTO_START);
    },
  };
});

/** Sends a datagram ten times a second to `params.to`, and prints what comes to port 9; keeps each packet with `params.leak`. */
export const chatter = defineFirmware((board) => {
  const network = bootNetwork(board);
  const socket = new nx.NX_UDP_SOCKET();
  const [sender, receiver] = [new TX_THREAD(), new TX_THREAD()];
  function* send(): Thread {
    const to = board.params['to']?.split('.').map(Number) ?? [];
    for (;;) {
      yield* tx_thread_sleep(10);
      const cell = out<nx.NX_PACKET>();
      yield* nx.nx_packet_allocate(network.pool, cell, nx.NX_UDP_PACKET, nx.NX_WAIT_FOREVER);
      yield* nx.nx_packet_data_append(cell.value, Uint8Array.of(104, 105), 2, network.pool, nx.NX_WAIT_FOREVER);
      const [a = 0, b = 0, c = 0, d = 0] = to;
      if ((yield* nx.nx_udp_socket_send(socket, cell.value, nx.IP_ADDRESS(a, b, c, d), 9)) !== nx.NX_SUCCESS) {
        yield* nx.nx_packet_release(cell.value);
      }
    }
  }
  function* receive(): Thread {
    yield* nx.nx_udp_socket_bind(socket, 9, nx.NX_NO_WAIT);
    for (;;) {
      const cell = out<nx.NX_PACKET>();
      yield* nx.nx_udp_socket_receive(socket, cell, nx.NX_WAIT_FOREVER);
      const packet = cell.value;
      const bytes = new Uint8Array(64);
      const length = out<number>();
      yield* nx.nx_packet_data_retrieve(packet, bytes, length);
      board.print(`received ${new TextDecoder().decode(bytes.subarray(0, length.value))}`);
      if (board.params['leak'] === undefined) yield* nx.nx_packet_release(packet);
    }
  }
  return {
    *tx_application_define(memory) {
      yield* network.define(memory);
      yield* nx.nx_udp_socket_create(network.ip, socket, 'chat', 0, nx.NX_FRAGMENT_OKAY, 64, 20);
      const start = (thread: TX_THREAD, name: string, body: () => Thread): ReturnType<typeof tx_thread_create> =>
        tx_thread_create(thread, name, body, 0, network.take(512), 512, 5, 5, TX_NO_TIME_SLICE, TX_AUTO_START);
      yield* start(receiver, 'receive', receive);
      if (board.params['to'] !== undefined) yield* start(sender, 'send', send);
    },
  };
});
