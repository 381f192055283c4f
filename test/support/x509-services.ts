import { statusName } from 'txsim';
import type { Op, UINT } from 'txsim/tx_api';
import { NX_CALLER_ERROR, NX_PTR_ERROR, NX_SUCCESS } from 'txsim/nx_api';
import { NX_SECURE_X509_CERT } from 'txsim/nx_secure_tls_api';
import type { Certificate } from '../../secure/x509/certificate.ts';
import { runOnDevice } from './one-device.ts';

export const CALLER_ERROR = statusName(NX_CALLER_ERROR);
export const PTR_ERROR = statusName(NX_PTR_ERROR);
export const SUCCESS = statusName(NX_SUCCESS);

/** A control block with a certificate in it; with null, one that was never initialised. */
export function control(certificate: Certificate | null): NX_SECURE_X509_CERT {
  const block = new NX_SECURE_X509_CERT();
  block.certificate = certificate;
  return block;
}

/** What a service gives that is called from a thread. */
export function inThread(service: () => Op<UINT>): string {
  let status = 'never called';
  runOnDevice(function* ({ thread }) {
    yield* thread('main', 5, function* () {
      status = statusName(yield* service());
    });
  });
  return status;
}

/** What a service gives that is called while the device boots. */
export function whileBooting(service: () => Op<UINT>): string {
  let status = 'never called';
  runOnDevice(function* () {
    status = statusName(yield* service());
  });
  return status;
}
