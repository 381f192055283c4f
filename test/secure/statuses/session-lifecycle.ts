import { out, type Op } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as tls from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { createSession, expectSuccess, ofService } from './bench.ts';
import { client } from './peer.ts';
import { accept, metadataOf } from './steps.ts';

const fresh = (): dtls.NX_SECURE_DTLS_SESSION => new dtls.NX_SECURE_DTLS_SESSION();

const sessionCreate = ofService('nx_secure_dtls_session_create', {
  NX_SUCCESS: { when: 'there is room for what it needs', call: () => createSession(fresh()) },
  NX_PTR_ERROR: { when: 'no session is given', call: () => createSession(null) },
  NX_INVALID_PARAMETERS: {
    when: 'the metadata buffer has one byte less than the table needs',
    *call() {
      const table = tls.nx_crypto_tls_ciphers_ecc;
      return yield* createSession(fresh(), table, (yield* metadataOf(table)) - 1);
    },
  },
});

const sessionDelete = ofService('nx_secure_dtls_session_delete', {
  NX_SUCCESS: { when: 'it was created', call: ({ session }) => dtls.nx_secure_dtls_session_delete(session) },
  NX_PTR_ERROR: { when: 'no session is given', call: () => dtls.nx_secure_dtls_session_delete(null) },
});

const sessionReset = ofService('nx_secure_dtls_session_reset', {
  NX_SUCCESS: { when: 'it was created', call: ({ session }) => dtls.nx_secure_dtls_session_reset(session) },
  NX_PTR_ERROR: { when: 'no session is given', call: () => dtls.nx_secure_dtls_session_reset(null) },
});

const infoOf = (session: dtls.NX_SECURE_DTLS_SESSION | null): Op<number> =>
  dtls.nx_secure_dtls_session_client_info_get(session, new nx.NXD_ADDRESS(), out(), out());

const clientInfoGet = ofService('nx_secure_dtls_session_client_info_get', {
  NX_SUCCESS: {
    when: 'a client has the session',
    peer: client(),
    *call(bench) {
      return yield* infoOf(yield* accept(bench));
    },
  },
  NX_PTR_ERROR: { when: 'no session is given', call: () => infoOf(null) },
  NX_INVALID_SOCKET: { when: 'the session never had a socket', call: ({ session }) => infoOf(session) },
  NX_NOT_CONNECTED: {
    when: 'the session of a client was reset',
    peer: client(),
    *call(bench) {
      const session = yield* accept(bench);
      expectSuccess(yield* dtls.nx_secure_dtls_session_reset(session));
      return yield* infoOf(session);
    },
  },
});

export const sessionLifecycle = { ...sessionCreate, ...sessionDelete, ...sessionReset, ...clientInfoGet };
