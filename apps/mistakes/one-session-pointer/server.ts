/** A server that keeps one pointer to the session that connects. */
import { defineFirmware, statusName } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_EVENT_FLAGS_GROUP,
  TX_NO_TIME_SLICE,
  TX_OR,
  TX_OR_CLEAR,
  TX_THREAD,
  tx_event_flags_create,
  tx_event_flags_get,
  tx_event_flags_set,
  tx_thread_create,
  type Suspension,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import { NX_SUCCESS } from 'txsim/nx_api';
import {
  nx_secure_dtls_server_session_start,
  nx_secure_dtls_session_reset,
  type NX_SECURE_DTLS_SESSION,
} from 'txsim/nx_secure_dtls_api';
import { create_network } from '../network.ts';
import { echo, start_server } from '../psk-server.ts';

const CONNECTED = 1;

export default defineFirmware((board) => {
  const { print, config, params } = board;
  const fixed = params['fixed'] === 'yes';
  const SECOND = config.NX_IP_PERIODIC_RATE;
  const network = create_network(board);
  const notes = new TX_EVENT_FLAGS_GROUP();
  const thread = new TX_THREAD();
  let connecting_session: NX_SECURE_DTLS_SESSION | null = null;
  const connecting: NX_SECURE_DTLS_SESSION[] = [];

  function* connect_notify(session: NX_SECURE_DTLS_SESSION): Generator<Suspension, number> {
    // The mistake: whoever was noted here, and not looked at yet, is forgotten. The flag is set only once, too.
    connecting_session = session;
    if (fixed) connecting.push(session);
    yield* tx_event_flags_set(notes, CONNECTED, TX_OR);
    return NX_SUCCESS;
  }

  function* receive_notify(): Generator<Suspension, number> {
    // The thread that serves a client waits in its receive.
    return NX_SUCCESS;
  }

  /** Shakes hands with a client and answers it. */
  function* serve(session: NX_SECURE_DTLS_SESSION): Thread {
    let status = yield* nx_secure_dtls_server_session_start(session, 10 * SECOND);
    if (status === NX_SUCCESS) status = yield* echo(network, session, 5 * SECOND);
    print(`client served: ${statusName(status)}`);
    if (status !== NX_SUCCESS) yield* nx_secure_dtls_session_reset(session);
  }

  function* main(): Thread {
    yield* start_server(board, network, connect_notify, receive_notify);
    for (;;) {
      const status = yield* tx_event_flags_get(notes, CONNECTED, TX_OR_CLEAR, out<ULONG>(), SECOND / 4);
      if (status === NX_SUCCESS && fixed) {
        for (let session = connecting.shift(); session !== undefined; session = connecting.shift()) {
          yield* serve(session);
        }
      } else if (status === NX_SUCCESS && connecting_session !== null) {
        yield* serve(connecting_session);
      }
      // What else the device is for: it counts for a while, four times a second.
      yield* board.consume('100ms');
    }
  }

  return {
    *tx_application_define(memory) {
      yield* network.define(memory, 24);
      yield* tx_event_flags_create(notes, 'notes');
      yield* tx_thread_create(
        thread,
        'server',
        main,
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
