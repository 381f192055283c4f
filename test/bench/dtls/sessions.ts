/** What an echo takes among few and among many live sessions of one server. */
import { defineFirmware, World } from 'txsim';
import {
  out,
  TX_SEMAPHORE,
  TX_WAIT_FOREVER,
  tx_semaphore_create,
  tx_semaphore_get,
  tx_semaphore_put,
  tx_thread_sleep,
  type Suspension,
} from 'txsim/tx_api';
import {
  NX_ANY_PORT,
  NX_FRAGMENT_OKAY,
  NX_IP_NORMAL,
  NX_IP_TIME_TO_LIVE,
  NX_NO_WAIT,
  NX_UDP_SOCKET,
  nx_packet_data_append,
  nx_packet_release,
  nx_udp_socket_bind,
  nx_udp_socket_create,
  type NX_PACKET,
} from 'txsim/nx_api';
import {
  nx_secure_dtls_client_session_start,
  nx_secure_dtls_packet_allocate,
  nx_secure_dtls_server_session_send,
  nx_secure_dtls_server_session_start,
  nx_secure_dtls_session_receive,
  nx_secure_dtls_session_send,
  type NX_SECURE_DTLS_SESSION,
} from 'txsim/nx_secure_dtls_api';
import { bootStack, check, clientSession, serve, SERVER_PORT } from './stack.ts';
import { stopwatch } from './stopwatch.ts';
import type { Suite } from './suites.ts';
import { serverAddress, startThread, worldOf } from './txsim-pair.ts';

const SECOND = 100;
const DATA = new Uint8Array(64).fill(0x5a);
type BenchFirmware = ReturnType<typeof defineFirmware>;

/** Answers every record of every session with its like. */
const echoServer = (suite: Suite, sessions: number): BenchFirmware =>
  defineFirmware((board) => {
    const network = bootStack(board);
    const notes = new TX_SEMAPHORE();
    const waiting: NX_SECURE_DTLS_SESSION[] = [];
    const readable: NX_SECURE_DTLS_SESSION[] = [];
    function* answer(session: NX_SECURE_DTLS_SESSION): Generator<Suspension, void> {
      const received = out<NX_PACKET>();
      check(yield* nx_secure_dtls_session_receive(session, received, NX_NO_WAIT));
      yield* nx_packet_release(received.value);
      const packet = out<NX_PACKET>();
      check(yield* nx_secure_dtls_packet_allocate(session, network.pool, packet, SECOND));
      check(yield* nx_packet_data_append(packet.value, DATA, DATA.length, network.pool, SECOND));
      check(yield* nx_secure_dtls_server_session_send(session, packet.value));
    }
    return {
      *tx_application_define(memory) {
        yield* network.define(memory);
        yield* tx_semaphore_create(notes, 'notes', 0);
        yield* startThread(network.take(4096), 'server', function* () {
          yield* serve(network, suite, sessions, {
            *connect(session) {
              waiting.push(session);
              return yield* tx_semaphore_put(notes);
            },
            *receive(session) {
              readable.push(session);
              return yield* tx_semaphore_put(notes);
            },
          });
          for (;;) {
            yield* tx_semaphore_get(notes, TX_WAIT_FOREVER);
            const began = waiting.shift();
            if (began !== undefined) check(yield* nx_secure_dtls_server_session_start(began, 10 * SECOND));
            const next = readable.shift();
            if (next !== undefined) yield* answer(next);
          }
        });
      },
    };
  });

/** Connects so many sessions, each from a port of its own, and then has echoes of the last of them in turn. */
const echoClient = (suite: Suite, count: number, asked: number, echoed: () => void): BenchFirmware =>
  defineFirmware((board) => {
    const network = bootStack(board);
    const server = serverAddress();
    const sessions: NX_SECURE_DTLS_SESSION[] = [];
    function* connect(): Generator<Suspension, void> {
      const socket = new NX_UDP_SOCKET();
      yield* nx_udp_socket_create(network.ip, socket, 's', NX_IP_NORMAL, NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 16);
      check(yield* nx_udp_socket_bind(socket, NX_ANY_PORT, SECOND));
      const session = yield* clientSession(board, suite);
      check(yield* nx_secure_dtls_client_session_start(session, socket, server, SERVER_PORT, 10 * SECOND));
      sessions.push(session);
    }
    function* echo(session: NX_SECURE_DTLS_SESSION): Generator<Suspension, void> {
      const packet = out<NX_PACKET>();
      check(yield* nx_secure_dtls_packet_allocate(session, network.pool, packet, SECOND));
      check(yield* nx_packet_data_append(packet.value, DATA, DATA.length, network.pool, SECOND));
      check(yield* nx_secure_dtls_session_send(session, packet.value, server, SERVER_PORT));
      const received = out<NX_PACKET>();
      check(yield* nx_secure_dtls_session_receive(session, received, SECOND));
      yield* nx_packet_release(received.value);
      echoed();
    }
    return {
      *tx_application_define(memory) {
        yield* network.define(memory);
        yield* startThread(network.take(4096), 'client', function* () {
          yield* tx_thread_sleep(10);
          while (sessions.length < count) yield* connect();
          for (;;) for (const session of sessions.slice(-asked)) yield* echo(session);
        });
      },
    };
  });

/** How an echo is measured. */
export interface EchoMeasurement {
  /** How many sessions live. */
  readonly sessions: number;
  /** How many of them are asked in turn: the more, the fewer of their things are in the processor's caches. */
  readonly asked: number;
  readonly echoes: number;
  readonly rounds: number;
}

/** Microseconds of processor time for an echo of 64 bytes, there and back, one figure a round. */
export function echoTimes(suite: Suite, { sessions, asked, echoes, rounds }: EchoMeasurement): readonly number[] {
  let done = 0;
  const world: World = worldOf(
    echoServer(suite, sessions),
    echoClient(suite, sessions, asked, () => done++),
  );
  const run = (count: number): number => {
    const until = done + count;
    const elapsed = stopwatch();
    world.run({ until: '10h', stopWhen: () => done >= until });
    if (done < until) throw new Error(`only ${done} echoes`);
    return (elapsed() / count) * 1e6;
  };
  run(echoes);
  return Array.from({ length: rounds }, () => run(echoes));
}
