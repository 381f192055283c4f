import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineFirmware, describeStall, statusName, World, type Board, type FirmwareImage } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  tx_thread_create,
  tx_thread_identify,
  tx_thread_sleep,
  type Suspension,
  type Thread,
} from 'txsim/tx_api';
import { NX_NO_WAIT, NX_NOT_SUCCESSFUL, NX_SUCCESS, nx_packet_release, type NX_PACKET } from 'txsim/nx_api';
import {
  NX_SECURE_DTLS_SESSION,
  nx_secure_dtls_session_end,
  nx_secure_dtls_session_receive,
  nx_secure_dtls_session_reset,
  nx_secure_dtls_session_trusted_certificate_remove,
} from 'txsim/nx_secure_dtls_api';
import client from '../../apps/dtls-echo/client.ts';
import { bootNetwork, startDtlsServer, type ServerCallbacks } from '../support/dtls-firmware.ts';
import { connect, hear, runDtlsWorld, say, type ClientBench, type Step } from '../support/dtls-world.ts';
import { rawSend, sealTwo } from './quirks/peers.ts';

/** A server whose callbacks are the test's own; its thread only answers handshakes. */
function serverWith(
  callbacks: (board: Board) => ServerCallbacks,
  sessions?: number,
): ReturnType<typeof defineFirmware> {
  return defineFirmware((board): FirmwareImage => {
    const network = bootNetwork(board);
    const main = new TX_THREAD();
    return {
      *tx_application_define(memory) {
        yield* network.define(memory);
        const stack = network.take(4096);
        const entry = (): Thread => startDtlsServer(network, callbacks(board), sessions);
        yield* tx_thread_create(main, 'main', entry, 0, stack, 4096, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
      },
    };
  });
}

function* threadName(): Generator<Suspension, string> {
  return (yield* tx_thread_identify())?.tx_thread_name ?? 'none';
}

function runWith(callbacks: (board: Board) => ServerCallbacks, until = '30s'): World {
  const world = new World({ seed: 3 });
  const lan = world.lan();
  world.device('server', { firmware: serverWith(callbacks), lan, address: '192.168.1.150' });
  world.device('client', { firmware: client, lan });
  world.run({ until });
  return world;
}

describe('notify callbacks', () => {
  it('connect, receive and disconnect are called by the IP thread, in that order', () => {
    const world = runWith((board) => {
      const noting = (name: string) =>
        function* (): Generator<Suspension, number> {
          board.print(`${name} in ${yield* threadName()}`);
          return NX_SUCCESS;
        };
      return { connect: noting('connect'), receive: noting('receive'), disconnect: noting('disconnect') };
    });
    const lines = world.devices.get('server')?.output.lines.map(({ text, thread }) => `${text}, printed by ${thread}`);
    assert.deepEqual(lines?.slice(0, 2), [
      'connect in IP thread, printed by IP thread',
      'receive in IP thread, printed by IP thread',
    ]);
    assert.equal(lines.at(-1), 'disconnect in IP thread, printed by IP thread');
  });

  it('they may be plain functions that take notes', () => {
    const seen: string[] = [];
    runWith(() => ({
      connect: (session, address, port) => {
        seen.push(session instanceof NX_SECURE_DTLS_SESSION ? 'session' : '', String(address.nxd_ip_address.v4 >>> 24));
        assert(port >= 0xc000);
        return NX_SUCCESS;
      },
      receive: () => NX_SUCCESS,
      disconnect: () => NX_SUCCESS,
    }));
    assert.deepEqual(seen, ['session', '192']);
  });

  it('no session is taken and nobody is called for a client that has not proved its address', () => {
    let calls = 0;
    const world = new World();
    const lan = world.lan({
      // The client never sees a HelloVerifyRequest.
      rules: [({ from }) => ({ action: from === 'server' ? 'drop' : 'pass' })],
    });
    const note = (): number => {
      calls++;
      return NX_SUCCESS;
    };
    const firmware = serverWith(() => ({ connect: note, receive: note, disconnect: note }));
    world.device('server', { firmware, lan, address: '192.168.1.150' });
    world.device('client', { firmware: client, lan });
    world.run({ until: '20s' });
    assert.equal(calls, 0);
  });

  it('what they return is ignored', () => {
    const seen: string[] = [];
    const noting = (name: string) => (): number => {
      seen.push(name);
      return NX_NOT_SUCCESSFUL;
    };
    runWith(() => ({ connect: noting('connect'), receive: noting('receive'), disconnect: noting('disconnect') }));
    assert.deepEqual([seen[0], seen[1], seen.at(-1)], ['connect', 'receive', 'disconnect']);
  });

  it('receive_notify is called while a thread waits for the data, too', () => {
    let received = 0;
    let connected: NX_SECURE_DTLS_SESSION | null = null;
    const statuses: number[] = [];
    const world = new World({ seed: 3 });
    const lan = world.lan();
    const firmware = defineFirmware((board): FirmwareImage => {
      const network = bootNetwork(board);
      const [main, reader] = [new TX_THREAD(), new TX_THREAD()];
      const callbacks: ServerCallbacks = {
        connect: (session) => {
          connected = session;
          return NX_SUCCESS;
        },
        receive: () => ++received,
        disconnect: () => NX_SUCCESS,
      };
      function* read(): Thread {
        while (connected?.wasConnected !== true) yield* tx_thread_sleep(1);
        const packet = out<NX_PACKET>();
        statuses.push(yield* nx_secure_dtls_session_receive(connected, packet, 1000));
        yield* nx_packet_release(packet.value);
      }
      const serve = (): Thread => startDtlsServer(network, callbacks);
      return {
        *tx_application_define(memory) {
          yield* network.define(memory);
          const stack = (): Uint8Array => network.take(2048);
          yield* tx_thread_create(main, 'main', serve, 0, stack(), 2048, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
          yield* tx_thread_create(reader, 'reader', read, 0, stack(), 2048, 3, 3, TX_NO_TIME_SLICE, TX_AUTO_START);
        },
      };
    });
    world.device('server', { firmware, lan, address: '192.168.1.150' });
    world.device('client', { firmware: client, lan });
    world.run({ until: '1s' });
    assert.deepEqual([received, statuses], [1, [NX_SUCCESS]]);
  });

  it('data that came before the end is there after it', () => {
    const statuses: string[] = [];
    runWith(() => ({
      connect: () => NX_SUCCESS,
      receive: () => NX_SUCCESS, // a server whose thread finds the time for it only after the close_notify
      *disconnect(session): Generator<Suspension, number> {
        const packet = out<NX_PACKET>();
        let status: number;
        do {
          status = yield* nx_secure_dtls_session_receive(session, packet, NX_NO_WAIT);
          statuses.push(statusName(status));
          if (status === NX_SUCCESS) yield* nx_packet_release(packet.value);
        } while (status === NX_SUCCESS);
        return NX_SUCCESS;
      },
    }));
    assert.equal(statuses[0], 'NX_SUCCESS (0x00)');
    assert.equal(statuses.at(-1), 'NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED (0x127)');
  });

  it('the end that the application makes itself is no news to it', () => {
    let disconnected = 0;
    const world = runWith(() => ({
      connect: () => NX_SUCCESS,
      receive: (session) => nx_secure_dtls_session_end(session, NX_NO_WAIT),
      disconnect: () => ++disconnected,
    }));
    assert.match(String(world.devices.get('client')?.output), /NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED/);
    assert.equal(disconnected, 0);
  });

  it('a client for which there is no session gets an alert, and error_notify a NULL session, in the IP thread', () => {
    const world = new World({ seed: 3 });
    const lan = world.lan();
    const note = (): number => NX_SUCCESS;
    const firmware = serverWith(
      ({ print }) => ({
        connect: note,
        receive: note,
        disconnect: note,
        error: (session, code) => {
          print(`${session === null ? 'NULL' : 'a session'}, ${statusName(code)}`);
          return NX_SUCCESS;
        },
      }),
      1,
    );
    world.device('server', { firmware, lan, address: '192.168.1.150' });
    for (const name of ['one', 'two']) world.device(name, { firmware: client, lan });
    world.run({ until: '5s' });
    const [line] = world.devices.get('server')?.output.lines ?? [];
    assert.equal(line?.text, 'NULL, NX_SECURE_TLS_NO_FREE_DTLS_SESSIONS (0x123)');
    assert.equal(line.thread, 'IP thread');
    assert.match(String(world.devices.get('two')?.output), /cannot connect: NX_SECURE_TLS_ALERT_RECEIVED/);
  });
});

describe('which notify callbacks a session gives', () => {
  const callbacksOf = (client: Step<[ClientBench]>): readonly string[] => runDtlsWorld({ client }).callbacks;

  it('an orderly end: disconnect_notify alone', () => {
    const seen = callbacksOf(function* (bench) {
      yield* connect(bench);
      yield* nx_secure_dtls_session_end(bench.session, 50);
    });
    assert.deepEqual(seen, ['connect', 'disconnect']);
  });

  it('a fatal alert: error_notify with the reason, then disconnect_notify', () => {
    const seen = callbacksOf(function* (bench) {
      yield* connect(bench);
      bench.session.machine?.sendAlert({ level: 2, description: 80 });
      yield* nx_secure_dtls_session_end(bench.session, 50);
    });
    assert.deepEqual(seen, ['connect', 'error NX_SECURE_TLS_ALERT_RECEIVED (0x114)', 'disconnect']);
  });

  it('a handshake that fails: nothing but connect_notify, for nx_secure_dtls_server_session_start reports it', () => {
    const seen = callbacksOf(function* (bench) {
      yield* nx_secure_dtls_session_trusted_certificate_remove(bench.session, null, 0, 1);
      yield* connect(bench);
    });
    assert.deepEqual(seen, ['connect']);
  });

  it('a client that begins anew: disconnect_notify for the old session, connect_notify for the new one', () => {
    const seen = callbacksOf(function* (bench) {
      yield* connect(bench);
      yield* nx_secure_dtls_session_reset(bench.session);
      yield* connect(bench);
    });
    assert.deepEqual(seen, ['connect', 'disconnect', 'connect']);
  });

  it('receive_notify comes once for a datagram, whatever the number of its records', () => {
    const heard: string[] = [];
    const seen = callbacksOf(function* (bench) {
      yield* connect(bench);
      yield* rawSend(bench, sealTwo(bench, 'a', 'b'));
      heard.push(yield* hear(bench));
      yield* say(bench, 'c');
      // The server reads once for each call, so that what it reads now is the rest of the first datagram.
      heard.push(yield* hear(bench));
    });
    assert.deepEqual(heard, ['a', 'b']);
    assert.equal(seen.filter((name) => name === 'receive').length, 2);
  });
});

describe('a connect_notify that blocks', () => {
  const blocking = (ticks: number) => (): ServerCallbacks => ({
    *connect(): Generator<Suspension, number> {
      yield* tx_thread_sleep(ticks);
      return NX_SUCCESS;
    },
    receive: () => NX_SUCCESS,
    disconnect: () => NX_SUCCESS,
  });

  it('stalls the network of its device, and the report names callback, service, thread and duration', () => {
    const world = runWith(blocking(250));
    const [stall] = world.stalls();
    assert.equal(stall?.callback, 'connect_notify');
    assert.equal(stall.service, 'tx_thread_sleep');
    assert.equal(stall.thread, 'IP thread');
    assert.equal(stall.device, 'server');
    assert(stall.duration > 2.4e9 && stall.duration <= 2.5e9, `${stall.duration} ns`);
    assert.match(describeStall(stall), /connect_notify of device 'server' waited 2\.\d+ s in tx_thread_sleep\(\)/);
    assert.match(describeStall(stall), /no packet of that device moved meanwhile/);
  });

  it('nothing leaves the device while it is held up', () => {
    const sent: number[] = [];
    const world = new World({ seed: 3 });
    const lan = world.lan();
    world.trace.listen(({ time, event }) => {
      if (event.type === 'frame-sent' && event.from === 'server') sent.push(time);
    });
    world.device('server', { firmware: serverWith(blocking(250)), lan, address: '192.168.1.150' });
    world.device('client', { firmware: client, lan });
    world.run({ until: '30s' });
    const [stall] = world.stalls();
    assert(stall !== undefined);
    const { began, duration } = stall;
    assert.deepEqual(
      sent.filter((time) => time > began && time < began + duration),
      [],
    );
    assert(sent.some((time) => time >= began + duration));
  });

  it('one that never comes back is reported as still waiting', () => {
    const world = runWith(blocking(0xffffffff));
    const [stall] = world.stalls();
    assert.equal(stall?.open, true);
    assert.match(describeStall(stall), /and still waits/);
  });
});
