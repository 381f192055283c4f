/** Both ends on this stack: two devices on a lan, with packets, IP, UDP, and services that take no simulated time. */
import { defineFirmware, World } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_SEMAPHORE,
  TX_THREAD,
  TX_WAIT_FOREVER,
  tx_semaphore_create,
  tx_semaphore_get,
  tx_semaphore_put,
  tx_thread_create,
  tx_thread_sleep,
  type Suspension,
  type Thread,
} from 'txsim/tx_api';
import {
  IP_ADDRESS,
  NX_ANY_PORT,
  NX_FRAGMENT_OKAY,
  NX_IP_NORMAL,
  NX_IP_TIME_TO_LIVE,
  NX_IP_VERSION_V4,
  NX_UDP_SOCKET,
  NXD_ADDRESS,
  nx_packet_data_append,
  nx_packet_release,
  nx_udp_socket_bind,
  nx_udp_socket_create,
  type NX_PACKET,
} from 'txsim/nx_api';
import {
  nx_secure_dtls_client_session_start,
  nx_secure_dtls_packet_allocate,
  nx_secure_dtls_server_session_start,
  nx_secure_dtls_session_receive,
  nx_secure_dtls_session_reset,
  nx_secure_dtls_session_send,
  type NX_SECURE_DTLS_SESSION,
} from 'txsim/nx_secure_dtls_api';
import { bootStack, check, clientSession, serve, SERVER_PORT } from './stack.ts';
import { stopwatch } from './stopwatch.ts';
import type { Suite } from './suites.ts';

const SECOND = 100;
const SERVER_ADDRESS = '192.168.1.150';

export function* startThread(memory: Uint8Array, name: string, body: () => Thread): Generator<Suspension, void> {
  const block = new TX_THREAD();
  yield* tx_thread_create(block, name, body, 0, memory, memory.length, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
}

export function serverAddress(): NXD_ADDRESS {
  const address = new NXD_ADDRESS();
  address.nxd_ip_version = NX_IP_VERSION_V4;
  address.nxd_ip_address.v4 = IP_ADDRESS(192, 168, 1, 150);
  return address;
}

/** A server that shakes hands and then does `serveSession`. */
const serverFirmware = (
  suite: Suite,
  serveSession: (session: NX_SECURE_DTLS_SESSION) => Thread,
): ReturnType<typeof defineFirmware> =>
  defineFirmware((board) => {
    const network = bootStack(board);
    const connected = new TX_SEMAPHORE();
    const waiting: NX_SECURE_DTLS_SESSION[] = [];
    return {
      *tx_application_define(memory) {
        yield* network.define(memory);
        yield* tx_semaphore_create(connected, 'connected', 0);
        yield* startThread(network.take(4096), 'server', function* () {
          yield* serve(network, suite, 4, {
            *connect(session) {
              waiting.push(session);
              return yield* tx_semaphore_put(connected);
            },
            receive: () => 0,
          });
          for (;;) {
            yield* tx_semaphore_get(connected, TX_WAIT_FOREVER);
            const session = waiting.shift();
            if (session === undefined) continue;
            check(yield* nx_secure_dtls_server_session_start(session, 10 * SECOND));
            yield* serveSession(session);
          }
        });
      },
    };
  });

/** A client that connects, does `talk`, and begins again. */
const clientFirmware = (
  suite: Suite,
  talk: (session: NX_SECURE_DTLS_SESSION, send: Sender) => Thread,
): ReturnType<typeof defineFirmware> =>
  defineFirmware((board) => {
    const network = bootStack(board);
    const socket = new NX_UDP_SOCKET();
    const server = serverAddress();
    return {
      *tx_application_define(memory) {
        yield* network.define(memory);
        yield* startThread(network.take(4096), 'client', function* () {
          yield* tx_thread_sleep(10);
          yield* nx_udp_socket_create(network.ip, socket, 's', NX_IP_NORMAL, NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 16);
          yield* nx_udp_socket_bind(socket, NX_ANY_PORT, SECOND);
          const session = yield* clientSession(board, suite);
          const send: Sender = function* (data) {
            const packet = out<NX_PACKET>();
            check(yield* nx_secure_dtls_packet_allocate(session, network.pool, packet, SECOND));
            check(yield* nx_packet_data_append(packet.value, data, data.length, network.pool, SECOND));
            check(yield* nx_secure_dtls_session_send(session, packet.value, server, SERVER_PORT));
          };
          for (;;) {
            check(yield* nx_secure_dtls_client_session_start(session, socket, server, SERVER_PORT, 10 * SECOND));
            yield* talk(session, send);
          }
        });
      },
    };
  });

type Sender = (data: Uint8Array) => Generator<Suspension, void>;

export function worldOf(server: ReturnType<typeof defineFirmware>, client: ReturnType<typeof defineFirmware>): World {
  const world = new World({ seed: 1 });
  const lan = world.lan({ latency: '100us' });
  const memory = 512 * 1024;
  world.device('server', { firmware: server, lan, memory, address: SERVER_ADDRESS, cpu: 'instant' });
  world.device('client', { firmware: client, lan, memory, cpu: 'instant' });
  return world;
}

/** Measures so many more; gives how many that are a second. */
export type Measure = (count: number) => number;

/** One world for all rounds: what the engine has compiled for it is thrown away together with it. */
function measureIn(world: World, done: () => number): Measure {
  return (count) => {
    const before = done();
    const elapsed = stopwatch();
    world.run({ until: '10h', stopWhen: () => done() >= before + count });
    const more = done() - before;
    if (more < count) throw new Error(`only ${more} of ${count}`);
    return more / elapsed();
  };
}

/** Full handshakes: cookie exchange and chain verification, nothing resumed and nothing closed in order. */
export function handshakes(suite: Suite): Measure {
  let done = 0;
  const server = serverFirmware(suite, function* (session) {
    yield* nx_secure_dtls_session_reset(session);
  });
  const client = clientFirmware(suite, function* (session) {
    yield* nx_secure_dtls_session_reset(session);
    done++;
  });
  return measureIn(worldOf(server, client), () => done);
}

/** Records from `nx_secure_dtls_session_send` of the client to `nx_secure_dtls_session_receive` of the server. */
export function records(suite: Suite, length: number): Measure {
  const batch = 16;
  let received = 0;
  const server = serverFirmware(suite, function* (session) {
    for (;;) {
      const packet = out<NX_PACKET>();
      check(yield* nx_secure_dtls_session_receive(session, packet, TX_WAIT_FOREVER));
      if (packet.value.nx_packet_length !== length) throw new Error('a record of another length');
      received++;
      yield* nx_packet_release(packet.value);
    }
  });
  const data = new Uint8Array(length).fill(0x5a);
  const client = clientFirmware(suite, function* (_, send) {
    for (let sent = 0; ; sent += batch) {
      // A breath after each batch, so that no queue or pool overflows: no simulated time passes while sending.
      if (received < sent) throw new Error(`${sent} records sent, ${received} received`);
      for (let index = 0; index < batch; index++) yield* send(data);
      yield* tx_thread_sleep(1);
    }
  });
  return measureIn(worldOf(server, client), () => received);
}
