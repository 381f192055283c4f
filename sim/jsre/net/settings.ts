import type { PrivateKey } from '../../../secure/crypto/provider.ts';
import type { Certificate } from '../../../secure/x509/certificate.ts';

/** A certificate to show, and its key. */
export interface Identity {
  readonly leaf: Certificate;
  /** In DER, the leaf first. */
  readonly certificates: readonly Uint8Array[];
  readonly privateKey: PrivateKey;
}

/** What a server shows to clients that ask for one name, and whom it trusts then. */
export interface NamedIdentity {
  readonly identity: Identity;
  /** Where there are any, clients have to show a certificate. */
  readonly trusted: readonly Certificate[];
}

/** What a server was made with. */
export interface ServerSettings extends NamedIdentity {
  /** By which other tasks find it, or null. */
  readonly name: string | null;
  /** More certificates, by the host name they are for (`www.example.com`, `*.example.com`), in lower case. */
  readonly names: Map<string, NamedIdentity>;
  /** Whether a client that asks for no name gets the certificate of the address it talks to. */
  readonly ipcert: boolean;
  /** How long a handshake may take, in milliseconds. */
  readonly handshakeTimeout: number;
}

/** What a client was made with. */
export interface ClientSettings {
  readonly identity: Identity | null;
  readonly trusted: readonly Certificate[];
  /** Whether the server's certificate has to be good. */
  readonly rejectUnauthorized: boolean;
  /** The name to ask for and to check against the server's certificate, or null. */
  readonly server: string | null;
  /** How long a handshake may take, in milliseconds. */
  readonly handshakeTimeout: number;
}
