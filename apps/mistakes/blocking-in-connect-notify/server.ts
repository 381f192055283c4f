/** A server that shakes hands within connect_notify, which the IP thread runs. */
import { defineFirmware, statusName } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_EVENT_FLAGS_GROUP,
  TX_NO_TIME_SLICE,
  TX_OR,
  TX_OR_CLEAR,
  TX_THREAD,
  TX_WAIT_FOREVER,
  tx_event_flags_create,
  tx_event_flags_get,
  tx_event_flags_set,
  tx_thread_create,
  type Suspension,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import { NX_NO_WAIT, NX_SUCCESS } from 'txsim/nx_api';
import {
  nx_secure_dtls_server_session_start,
  nx_secure_dtls_session_reset,
  type NX_SECURE_DTLS_SESSION,
} from 'txsim/nx_secure_dtls_api';
import { create_network } from '../network.ts';
import { echo, start_server } from '../psk-server.ts';

export default defineFirmware((board) => {
  const { print, config, params } = board;
  const fixed = params['fixed'] === 'yes';
  const HANDSHAKE_WAIT = 5 * config.NX_IP_PERIODIC_RATE;
  const network = create_network(board);
  const notes = new TX_EVENT_FLAGS_GROUP();
  const thread = new TX_THREAD();
  const connecting: NX_SECURE_DTLS_SESSION[] = [];
  const readable: NX_SECURE_DTLS_SESSION[] = [];

  function* accept(session: NX_SECURE_DTLS_SESSION): Generator<Suspension, number> {
    const status = yield* nx_secure_dtls_server_session_start(session, HANDSHAKE_WAIT);
    print(`handshake: ${statusName(status)}`);
    if (status !== NX_SUCCESS) yield* nx_secure_dtls_session_reset(session);
    return status;
  }

  function* connect_notify(session: NX_SECURE_DTLS_SESSION): Generator<Suspension, number> {
    // The mistake: the handshake waits for datagrams, and the thread that would bring them is the one that waits here.
    if (!fixed) return yield* accept(session);
    connecting.push(session);
    yield* tx_event_flags_set(notes, 1, TX_OR);
    return NX_SUCCESS;
  }

  function* receive_notify(session: NX_SECURE_DTLS_SESSION): Generator<Suspension, number> {
    readable.push(session);
    yield* tx_event_flags_set(notes, 1, TX_OR);
    return NX_SUCCESS;
  }

  function* main(): Thread {
    yield* start_server(board, network, connect_notify, receive_notify);
    print('listening');
    for (;;) {
      yield* tx_event_flags_get(notes, 1, TX_OR_CLEAR, out<ULONG>(), TX_WAIT_FOREVER);
      for (let session = connecting.shift(); session !== undefined; session = connecting.shift()) {
        yield* accept(session);
      }
      for (let session = readable.shift(); session !== undefined; session = readable.shift()) {
        yield* echo(network, session, NX_NO_WAIT);
      }
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
