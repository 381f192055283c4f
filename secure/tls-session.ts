import type { UINT, ULONG } from '../kernel/constants.ts';
import type { Callback } from '../kernel/op.ts';
import { CertificateStore } from './certificate-store.ts';
import type { NX_SECURE_TLS_CRYPTO } from './crypto-table.ts';
import type { GroupName } from './crypto/provider.ts';
import { PskStore, type Psk } from './psk-store.ts';
import type { NX_SECURE_X509_CERT } from './x509-cert.ts';

/** Marks a created session. */
export const TLS_SESSION_ID = 0x544c5353;

/** Room for the certificates of the peer: how many, and how much for each, its control block included. */
export interface RemoteCertificateSpace {
  readonly count: number;
  /** Bytes for one certificate's DER. */
  readonly bytes: number;
}

/** An extension of a hello, as it came. */
export interface NX_SECURE_TLS_HELLO_EXTENSION {
  /** Its number in the IANA registry. */
  readonly nx_secure_tls_extension_id: UINT;
  readonly nx_secure_tls_extension_data: Uint8Array;
  /** Bytes of data. */
  readonly nx_secure_tls_extension_data_length: UINT;
}

/** Looks at the peer's certificate, whose chain is verified already; any status but NX_SUCCESS ends the handshake. */
export type CertificateCallback = Callback<[session: NX_SECURE_TLS_SESSION, certificate: NX_SECURE_X509_CERT], UINT>;

/** Looks at the extensions of the peer's hello; any status but NX_SUCCESS ends the handshake. */
export type HelloCallback = Callback<
  [session: NX_SECURE_TLS_SESSION, extensions: readonly NX_SECURE_TLS_HELLO_EXTENSION[], num_extensions: UINT],
  ULONG
>;

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
  certificateCallback: CertificateCallback | null = null;
  /** Called on a server with the extensions of the ClientHello. */
  serverCallback: HelloCallback | null = null;
  /** Called on a client with the extensions of the ServerHello. */
  clientCallback: HelloCallback | null = null;
  certificates = new CertificateStore();
  /** The identity to show, where the application chose one. */
  activeCertificate: NX_SECURE_X509_CERT | null = null;
  psks = new PskStore();
  /** The key that a client uses whatever the server hints at. */
  clientPsk: Psk | null = null;
  /** The host name that a client asks for. */
  serverName: string | null = null;
  /** The room given for the peer's certificates; null on a session that was given none. */
  remoteCertificates: RemoteCertificateSpace | null = null;
  /** Whether a server asks its clients for a certificate. */
  verifiesClient = false;
  /** The groups for ephemeral keys, in order of preference; null for the ordinary ones. */
  groups: readonly GroupName[] | null = null;
  /** The only version to speak; 0 for any that is built in. */
  nx_secure_tls_protocol_version_override: UINT = 0;

  /** Makes the control block what it is before its first use. */
  clear(): void {
    Object.assign(this, new NX_SECURE_TLS_SESSION());
  }
}
