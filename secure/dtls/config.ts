import type { CryptoProvider, GroupName, PrivateKey, PublicKey } from '../crypto/provider.ts';
import type { CipherSuite } from '../crypto/suites.ts';
import type { DtlsFailure } from './failure.ts';
import type { DtlsVersion } from './version.ts';

/** What the judge of a certificate chain says. */
export type PeerVerdict =
  { readonly ok: true; readonly publicKey: PublicKey } | { readonly ok: false; readonly failure: DtlsFailure };

/** An association that can be taken up again. */
export interface ResumableSession {
  /** 1 to 32 bytes. */
  readonly id: Uint8Array;
  /** It is only taken up again in the same version (RFC 5246 appendix F.1.4). */
  readonly version: DtlsVersion;
  /** The suite's number in the IANA registry. */
  readonly suite: number;
  readonly master: Uint8Array;
  /** Whether the master secret was made with the session hash: the new handshake has to be the same (RFC 7627). */
  readonly extended: boolean;
}

/** Where associations are kept that can be taken up again. */
export interface Resumption {
  /** Server: the association of an id. Client: the one to offer, for an empty id. Null where there is none. */
  find(id: Uint8Array): ResumableSession | null;
  store(session: ResumableSession): void;
  /** The association failed: it is not to be taken up again. */
  forget(id: Uint8Array): void;
}

/** What a protocol machine has to know. Times are virtual nanoseconds. */
export interface DtlsConfig {
  readonly provider: CryptoProvider;
  readonly random: (length: number) => Uint8Array;
  /** The versions to speak, at least one; 1.2 alone unless told otherwise. */
  readonly versions?: readonly DtlsVersion[];
  /** In order of preference; those that a version has not got are passed over in it. */
  readonly suites: readonly CipherSuite[];
  /** Whether the routines that the firmware gave for a suite are known; without it all are. */
  readonly recognises?: (suite: CipherSuite) => boolean;
  readonly groups: readonly GroupName[];
  readonly identity?:
    | {
        /** In DER, the leaf first. */
        readonly certificates: readonly Uint8Array[];
        readonly privateKey: PrivateKey;
      }
    | undefined;
  /** What the machine is to ask its owner (see {@link DtlsQuestion}); nothing unless told so. */
  readonly asks?: { readonly hello: boolean; readonly certificate: boolean };
  /** The pre-shared key for a server's hint (client); null where none fits. */
  readonly pskForHint?: (hint: Uint8Array) => { readonly identity: Uint8Array; readonly key: Uint8Array } | null;
  /** The pre-shared key of an identity (server); null where there is none. */
  readonly pskForIdentity?: (identity: Uint8Array) => Uint8Array | null;
  /** What the server hints at. */
  readonly pskHint?: Uint8Array;
  /** Judges the peer's chain, the leaf first: the machine itself knows no X.509. */
  readonly verifyPeer: (chain: readonly Uint8Array[]) => PeerVerdict;
  /** Whether the server asks for the client's certificate, and does not go on without one. */
  readonly requestClientCertificate?: boolean;
  /** Host name to ask for (client, RFC 6066). */
  readonly serverName?: string;
  /** No datagram of the handshake is longer, in bytes of UDP payload. */
  readonly maxDatagram: number;
  readonly retransmit: {
    readonly initial: number;
    readonly max: number;
    readonly retries: number;
    /** The time-out is shifted left by this from one retransmission to the next. */
    readonly shift: number;
  };
  /** Takes earlier associations up again, by their session ids (RFC 5246 section 7.3); without it none is. */
  readonly resumption?: Resumption;
  /**
   * The connection ID that the peer is to put into its records, a fresh one for each association; empty where records with
   * connection IDs are sent, but not wanted (RFC 9146). Without it, connection IDs are neither offered nor taken.
   */
  readonly connectionId?: () => Uint8Array;
  /** Ways of the shipped library (see the quirks); none unless told so. */
  readonly quirks?: {
    /** A record that is not authentic is answered with bad_record_mac. */
    readonly answersBadRecords: boolean;
    /** A server forgets its last flight once it is sent. */
    readonly forgetsLastFlight: boolean;
    /** Hellos have no extensions but groups and point formats (client). */
    readonly bareHellos: boolean;
  };
  /** Longest handshake message that is put together, in bytes. */
  readonly maxHandshakeMessage: number;
  /** Receives the secrets of the association (NSS key log). */
  readonly keyLog?: (label: 'CLIENT_RANDOM', clientRandom: Uint8Array, secret: Uint8Array) => void;
}
