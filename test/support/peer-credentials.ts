import {
  NX_SECURE_X509_KEY_TYPE_EC_DER,
  NX_SECURE_X509_KEY_TYPE_NONE,
  NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER,
  NX_SECURE_X509_CERT,
  nx_secure_x509_certificate_initialize,
} from 'txsim/nx_secure_tls_api';
import { NX_SUCCESS } from 'txsim/nx_api';
import { statusName } from 'txsim';
import type { Suspension } from 'txsim/tx_api';
import { demo, type DemoCredentials } from '../../apps/dtls-echo/credentials/demo.ts';

/** Where the demo credentials are as files, for the programs. */
export const CREDENTIALS = 'apps/dtls-echo/credentials';
export const PSK_HEX = '0123456789abcdef0123456789abcdef';
export const PSK_IDENTITY = 'lamp-17';

/** A certificate with its key. */
export interface Identity extends Pick<DemoCredentials, 'certificate' | 'private_key'> {
  readonly type: number;
}

/** A pre-shared key. */
export interface Psk {
  readonly key: Uint8Array;
  readonly identity: Uint8Array;
  readonly hint: Uint8Array;
}

/** Who a device is, whom it trusts and which key it shares: what each suite needs of it. */
export interface Credentials {
  readonly identity?: Identity;
  readonly psk?: Psk;
  /** Roots in DER. A server that has any asks its clients for certificates. */
  readonly trusted?: readonly Uint8Array[];
}

export const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

export const EC_SERVER: Identity = { ...demo.ecdsa, type: NX_SECURE_X509_KEY_TYPE_EC_DER };
export const RSA_SERVER: Identity = { ...demo.rsa, type: NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER };
export const EC_CLIENT: Identity = { ...demo.client_ecdsa, type: NX_SECURE_X509_KEY_TYPE_EC_DER };
export const ROOTS: readonly Uint8Array[] = [demo.ecdsa.ca, demo.rsa.ca];
export const EC_ROOT: readonly Uint8Array[] = [demo.ecdsa.ca];
export const RSA_ROOT: readonly Uint8Array[] = [demo.rsa.ca];

/** A key under the identity that the programs use. */
export const sharedKey = (hex = PSK_HEX): Psk => ({
  key: new Uint8Array(Buffer.from(hex, 'hex')),
  identity: ascii(PSK_IDENTITY),
  hint: ascii('txsim'),
});

const BY_AUTH = {
  server: { ecdsa: { identity: EC_SERVER }, rsa: { identity: RSA_SERVER }, psk: { psk: sharedKey() } },
  client: { ecdsa: { trusted: ROOTS }, rsa: { trusted: ROOTS }, psk: { psk: sharedKey() } },
} as const;

/** What a device needs for a suite in a role. */
export const credentialsFor = (role: 'server' | 'client', auth: 'ecdsa' | 'rsa' | 'psk'): Credentials =>
  BY_AUTH[role][auth];

/** Ends a test firmware whose setting-up fails. */
export function check(status: number): void {
  if (status !== NX_SUCCESS) throw new Error(statusName(status));
}

/** Makes a certificate's control block. */
export function* certificateBlock(
  certificate: Uint8Array,
  identity: Identity | null = null,
): Generator<Suspension, NX_SECURE_X509_CERT> {
  const block = new NX_SECURE_X509_CERT();
  const key = identity?.private_key ?? null;
  const type = identity?.type ?? NX_SECURE_X509_KEY_TYPE_NONE;
  const { length } = certificate;
  check(yield* nx_secure_x509_certificate_initialize(block, certificate, length, null, 0, key, key?.length ?? 0, type));
  return block;
}
