import type { Op, UINT } from 'txsim/tx_api';
import type { NX_SECURE_X509_CERT } from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { expectSuccess, memory, ofService, type Bench, type Scenarios } from './bench.ts';

type Owner = dtls.NX_SECURE_DTLS_SESSION | dtls.NX_SECURE_DTLS_SERVER;
type Add<T> = (owner: T | null, certificate: NX_SECURE_X509_CERT | null, id: UINT) => Op<UINT>;
type Remove<T> = (owner: T | null, name: Uint8Array | null, length: UINT, id: UINT) => Op<UINT>;

/** The statuses of a service that adds a certificate to a store, and of the one that removes it. */
function storeScenarios<T extends Owner>(
  [addName, add]: readonly [string, Add<T>],
  [removeName, remove]: readonly [string, Remove<T>],
  ownerIn: (bench: Bench) => T,
): Scenarios {
  return {
    ...ofService(addName, {
      NX_SUCCESS: { when: 'the number is free', call: (bench) => add(ownerIn(bench), bench.certificate, 9) },
      NX_PTR_ERROR: { when: 'no certificate is given', call: (bench) => add(ownerIn(bench), null, 9) },
      NX_INVALID_PARAMETERS: {
        when: 'the number is 0',
        call: (bench) => add(ownerIn(bench), bench.certificate, 0),
      },
    }),
    ...ofService(removeName, {
      NX_SUCCESS: {
        when: 'a certificate was added under the number',
        *call(bench) {
          expectSuccess(yield* add(ownerIn(bench), bench.certificate, 9));
          return yield* remove(ownerIn(bench), null, 0, 9);
        },
      },
      NX_PTR_ERROR: { when: 'no store is given', call: () => remove(null, null, 0, 9) },
      NX_SECURE_TLS_CERTIFICATE_NOT_FOUND: {
        when: 'no certificate was added under the number',
        call: (bench) => remove(ownerIn(bench), null, 0, 9),
      },
    }),
  };
}

const certificates: Scenarios = {
  ...storeScenarios(
    ['nx_secure_dtls_server_local_certificate_add', dtls.nx_secure_dtls_server_local_certificate_add],
    ['nx_secure_dtls_server_local_certificate_remove', dtls.nx_secure_dtls_server_local_certificate_remove],
    ({ server }) => server,
  ),
  ...storeScenarios(
    ['nx_secure_dtls_server_trusted_certificate_add', dtls.nx_secure_dtls_server_trusted_certificate_add],
    ['nx_secure_dtls_server_trusted_certificate_remove', dtls.nx_secure_dtls_server_trusted_certificate_remove],
    ({ server }) => server,
  ),
  ...storeScenarios(
    ['nx_secure_dtls_session_local_certificate_add', dtls.nx_secure_dtls_session_local_certificate_add],
    ['nx_secure_dtls_session_local_certificate_remove', dtls.nx_secure_dtls_session_local_certificate_remove],
    ({ session }) => session,
  ),
  ...storeScenarios(
    ['nx_secure_dtls_session_trusted_certificate_add', dtls.nx_secure_dtls_session_trusted_certificate_add],
    ['nx_secure_dtls_session_trusted_certificate_remove', dtls.nx_secure_dtls_session_trusted_certificate_remove],
    ({ session }) => session,
  ),
};

type AddPsk<T> = (
  owner: T | null,
  key: Uint8Array | null,
  keyLength: UINT,
  identity: Uint8Array | null,
  identityLength: UINT,
  hint: Uint8Array | null,
  hintLength: UINT,
) => Op<UINT>;

/** The statuses of a service that adds a pre-shared key. */
function pskScenarios<T extends Owner>(name: string, add: AddPsk<T>, ownerIn: (bench: Bench) => T): Scenarios {
  const [key, text] = [memory(16), memory(6)];
  const addTo = (owner: T | null): Op<UINT> => add(owner, key, 16, text, 6, text, 6);
  return ofService(name, {
    NX_SUCCESS: { when: 'there is room', call: (bench) => addTo(ownerIn(bench)) },
    NX_PTR_ERROR: { when: 'nobody is given to add it to', call: () => addTo(null) },
    NX_SECURE_TLS_NO_MORE_PSK_SPACE: {
      when: 'five were added before',
      *call(bench) {
        for (let count = 0; count < 5; count++) expectSuccess(yield* addTo(ownerIn(bench)));
        return yield* addTo(ownerIn(bench));
      },
    },
  });
}

export const credentials: Scenarios = {
  ...certificates,
  ...pskScenarios('nx_secure_dtls_psk_add', dtls.nx_secure_dtls_psk_add, ({ session }) => session),
  ...pskScenarios('nx_secure_dtls_server_psk_add', dtls.nx_secure_dtls_server_psk_add, ({ server }) => server),
};
