/**
 * A DTLS server with a planted mistake: its callback keeps the new session in one variable, and its thread looks at that
 * a moment later. Of two clients that come within that moment one is forgotten.
 */
import { defineFirmware } from 'txsim';
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
  type ULONG,
} from 'txsim/tx_api';
import { NX_SUCCESS } from 'txsim/nx_api';
import { nx_secure_tls_metadata_size_calculate } from 'txsim/nx_secure_tls_api';
import {
  NX_SECURE_DTLS_SERVER,
  NX_SECURE_DTLS_SESSION,
  nx_secure_dtls_server_create,
  nx_secure_dtls_server_psk_add,
  nx_secure_dtls_server_session_start,
  nx_secure_dtls_server_start,
} from 'txsim/nx_secure_dtls_api';
import { create_network } from '../../../apps/dtls-echo/network.ts';
import { echoOptions } from '../../../apps/dtls-echo/options.ts';

const SESSIONS = 8;

export default defineFirmware((board) => {
  const options = echoOptions(board);
  const SECOND = board.config.NX_IP_PERIODIC_RATE;
  const network = create_network(board);
  const dtls_server = new NX_SECURE_DTLS_SERVER();
  const server_thread = new TX_THREAD();
  const connected = new TX_SEMAPHORE();
  let new_session: NX_SECURE_DTLS_SESSION | null = null;

  function* connect_notify(dtls_session: NX_SECURE_DTLS_SESSION): Generator<Suspension, number> {
    new_session = dtls_session;
    yield* tx_semaphore_put(connected);
    return NX_SUCCESS;
  }

  function* server_setup(): Generator<Suspension, void> {
    const size = out<ULONG>();
    yield* nx_secure_tls_metadata_size_calculate(options.crypto_table, size);
    const sessions = new Uint8Array(board.sizeof(NX_SECURE_DTLS_SESSION) * SESSIONS);
    const metadata = new Uint8Array(size.value * SESSIONS);
    const buffer = new Uint8Array(4096 * SESSIONS);
    yield* nx_secure_dtls_server_create(
      dtls_server,
      network.ip_instance,
      4443,
      SECOND,
      sessions,
      sessions.length,
      options.crypto_table,
      metadata,
      metadata.length,
      buffer,
      buffer.length,
      connect_notify,
      () => NX_SUCCESS,
    );
    const { psk, psk_identity, psk_hint } = options;
    yield* nx_secure_dtls_server_psk_add(
      dtls_server,
      psk,
      psk.length,
      psk_identity,
      psk_identity.length,
      psk_hint,
      psk_hint.length,
    );
    yield* nx_secure_dtls_server_start(dtls_server);
  }

  function* server(): Thread {
    yield* server_setup();
    for (;;) {
      yield* tx_semaphore_get(connected, TX_WAIT_FOREVER);
      // The lamp that shows a visitor comes on first.
      yield* tx_thread_sleep(5);
      if (new_session === null) continue;
      const session = new_session;
      new_session = null;
      const status = yield* nx_secure_dtls_server_session_start(session, 5 * SECOND);
      board.print(status === NX_SUCCESS ? 'a client is connected' : 'a handshake failed');
    }
  }

  return {
    *tx_application_define(first_unused_memory) {
      yield* network.define(first_unused_memory, 100_000);
      yield* tx_semaphore_create(connected, 'connected', 0);
      yield* tx_thread_create(
        server_thread,
        'server',
        server,
        0,
        network.take(4096),
        4096,
        4,
        4,
        TX_NO_TIME_SLICE,
        TX_AUTO_START,
      );
    },
  };
});
