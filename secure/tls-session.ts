import type { ULONG } from '../kernel/constants.ts';
import { CertificateStore } from './certificate-store.ts';
import type { GroupName } from './crypto/provider.ts';
import type { NX_SECURE_TLS_CRYPTO } from './crypto-table.ts';
import { PskStore } from './psk-store.ts';

/** Marks a created session. */
export const TLS_SESSION_ID = 0x544c5353;

/** Room for the certificates of the peer: how many, and how much for each, its control block included. */
export interface RemoteCertificateSpace {
  readonly count: number;
  /** Bytes for one certificate's DER. */
  readonly bytes: number;
}

/** The TLS part of a DTLS session: what the `nx_secure_tls_*` services work on. */
export class NX_SECURE_TLS_SESSION {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 2300;

  nx_secure_tls_id: ULONG = 0;
  nx_secure_tls_crypto_table: NX_SECURE_TLS_CRYPTO | null = null;
  /** Level and description of the last alert received. */
  nx_secure_tls_received_alert_level = 0;
  nx_secure_tls_received_alert_value = 0;
  /** Gives the time in seconds since 1970 for validity checks; without it (or at 0) they are not made. */
  timeFunction: (() => ULONG) | null = null;
  certificates = new CertificateStore();
  psks = new PskStore();
  /** The room given for the peer's certificates; null on a session that was given none. */
  remoteCertificates: RemoteCertificateSpace | null = null;
  /** Whether a server asks its clients for a certificate. */
  verifiesClient = false;
  /** The groups for ephemeral keys, in order of preference; null for the ordinary ones. */
  groups: readonly GroupName[] | null = null;
}
