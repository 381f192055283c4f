import type { Kernel } from '../kernel/kernel.ts';
import { NX_IP_VERSION_V6, NX_SUCCESS } from '../netx/constants.ts';
import {
  NX_SECURE_TLS_INSUFFICIENT_CERT_SPACE,
  NX_SECURE_TLS_INVALID_CERTIFICATE,
  NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE,
  NX_SECURE_TLS_UNSUPPORTED_TLS_VERSION,
} from './constants.ts';
import { hasKnownRoutines, hasMissingRoutine, suitesOf } from './crypto-table.ts';
import type { SecureConfig } from './config.ts';
import { secureState } from './device-state.ts';
import { freshConnectionId } from './dtls-connection-id.ts';
import type { GroupName } from './crypto/provider.ts';
import type { DtlsConfig, Resumption } from './dtls/config.ts';
import type { NX_SECURE_DTLS_SESSION } from './dtls-session.ts';
import { isVersion, type DtlsVersion } from './dtls/version.ts';
import { DTLS_1_0, DTLS_1_2 } from './dtls/wire/record.ts';
import { chainStatus } from './status.ts';
import { verifyChain } from './x509/chain.ts';
import { parseReceivedCertificate } from './x509/certificate-cache.ts';
import type { Certificate } from './x509/certificate.ts';

/** Bytes of the headers of IP, by version, and UDP. */
const IP_UDP_HEADERS = 20 + 8;
const IPV6_UDP_HEADERS = 40 + 8;
/** Below this, handshakes take unreasonably many datagrams. */
const LEAST_DATAGRAM = 128;
/** The groups of a session whose firmware did not choose any, in order of preference. */
const DEFAULT_GROUPS: readonly GroupName[] = ['secp256r1', 'x25519', 'secp384r1', 'secp521r1'];
/** What a handshake message may take where the firmware's reassembly buffer does not limit it further. */
const MAX_HANDSHAKE_MESSAGE = 16_384;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte] ?? '';
  return text;
}

/** What the session's protocol machine has to know: its credentials, suites, timers and the firmware's limits. */
export function machineConfig(kernel: Kernel, session: NX_SECURE_DTLS_SESSION): DtlsConfig {
  const { config, provider, trace } = secureState(kernel);
  const tls = session.nx_secure_dtls_tls_session;
  const { psks } = tls;
  const { NX_SECURE_QUIRKS: quirks, NX_SECURE_DTLS_CONNECTION_ID_LENGTH: idLength } = config;
  const nanoseconds = (ticks: number): number => (ticks * 1e9) / config.rate;
  const table = tls.nx_secure_tls_crypto_table;
  const hint = psks.hint;
  return {
    provider,
    random: (length) => kernel.random.bytes(length),
    versions: versionsOf(config, tls.nx_secure_tls_protocol_version_override),
    suites: table === null ? [] : suitesOf(table, config),
    recognises: (suite) => table !== null && hasKnownRoutines(table, suite),
    groups: tls.groups ?? DEFAULT_GROUPS,
    // Read when they are needed: callbacks of the association change them.
    get identity() {
      return tls.certificates.identity(tls.activeCertificate) ?? undefined;
    },
    asks: {
      get hello() {
        return (session.role === 'server' ? tls.serverCallback : tls.clientCallback) !== null;
      },
      get certificate() {
        return tls.certificateCallback !== null;
      },
    },
    ...(tls.serverName === null ? {} : { serverName: tls.serverName }),
    ...(psks.size === 0 && tls.clientPsk === null
      ? {}
      : {
          pskForHint: (wanted: Uint8Array) => tls.clientPsk ?? psks.forHint(wanted),
          pskForIdentity: (wanted: Uint8Array) =>
            quirks.has('psk-identity-ignored') ? psks.first : psks.forIdentity(wanted),
          ...(hint === null || hint.length === 0 ? {} : { pskHint: hint }),
        }),
    verifyPeer: (chain) => verifyPeer(kernel, session, chain),
    requestClientCertificate: session.role === 'server' && tls.verifiesClient,
    ...(idLength === null ? {} : { connectionId: () => freshConnectionId(kernel, session, idLength) }),
    quirks: {
      answersBadRecords: quirks.has('bad-record-alert'),
      forgetsLastFlight: quirks.has('last-flight-not-repeated'),
      bareHellos: quirks.has('bare-hellos'),
    },
    maxDatagram: datagramSize(session, config.NX_SECURE_DTLS_MAXIMUM_DATAGRAM_SIZE),
    retransmit: {
      initial: nanoseconds(config.NX_SECURE_DTLS_RETRANSMIT_TIMEOUT),
      max: nanoseconds(config.NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_TIMEOUT),
      retries: config.NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_RETRIES,
      shift: config.NX_SECURE_DTLS_RETRANSMIT_RETRY_SHIFT,
    },
    ...(config.NX_SECURE_DTLS_ENABLE_SESSION_RESUMPTION ? { resumption: resumptionOf(session) } : {}),
    maxHandshakeMessage: Math.min(session.reassemblySize, MAX_HANDSHAKE_MESSAGE),
    keyLog: (label, clientRandom, secret) => {
      trace?.record({ type: 'key-log', line: `${label} ${hex(clientRandom)} ${hex(secret)}` });
    },
  };
}

/** The versions that are built in, or the only one that the firmware wants. */
function versionsOf({ NX_SECURE_TLS_ENABLE_TLS_1_1 }: SecureConfig, override: number): readonly DtlsVersion[] {
  if (isVersion(override)) return [override];
  return NX_SECURE_TLS_ENABLE_TLS_1_1 ? [DTLS_1_2, DTLS_1_0] : [DTLS_1_2];
}

/** The largest datagram of a handshake, in bytes of UDP payload: what the interface takes in one piece, or less. */
function datagramSize(session: NX_SECURE_DTLS_SESSION, limit: number): number {
  const mtu = session.ip?.nx_ip_interface[0]?.nx_interface_ip_mtu_size ?? 0;
  const isV6 = session.nx_secure_dtls_remote_ip_address.nxd_ip_version === NX_IP_VERSION_V6;
  const fits = (mtu === 0 ? 1500 : mtu) - (isV6 ? IPV6_UDP_HEADERS : IP_UDP_HEADERS);
  return Math.max(LEAST_DATAGRAM, limit === 0 ? fits : Math.min(fits, limit));
}

/** Where the session's associations are kept that can be taken up again: with its server, or with the client itself. */
function resumptionOf(session: NX_SECURE_DTLS_SESSION): Resumption {
  if (session.role === 'server' && session.server !== null) return session.server.resumable;
  session.resumable.begin(session.peer);
  return session.resumable;
}

/**
 * What keeps a session from starting: `NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE` for a table with a NULL routine,
 * `NX_SECURE_TLS_UNSUPPORTED_TLS_VERSION` where it is to speak a version that is not built in; else `NX_SUCCESS`.
 */
export function unfitToStart(kernel: Kernel, session: NX_SECURE_DTLS_SESSION): number {
  const { nx_secure_tls_crypto_table: table, nx_secure_tls_protocol_version_override: version } =
    session.nx_secure_dtls_tls_session;
  if (table !== null && hasMissingRoutine(table)) return NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE;
  const { NX_SECURE_TLS_ENABLE_TLS_1_1: old } = secureState(kernel).config;
  return version === DTLS_1_0 && !old ? NX_SECURE_TLS_UNSUPPORTED_TLS_VERSION : NX_SUCCESS;
}

/** Whether the crypto table still has what an association's suite needs; true while none is agreed on. */
export function hasRoutines(session: NX_SECURE_DTLS_SESSION): boolean {
  const table = session.nx_secure_dtls_tls_session.nx_secure_tls_crypto_table;
  const suite = session.machine?.suite ?? null;
  return suite === null || (table !== null && hasKnownRoutines(table, suite));
}

type Verdict = ReturnType<DtlsConfig['verifyPeer']>;

/** Judges the peer's certificates by the session's trusted ones, the device's clock and the room there is for them. */
function verifyPeer(kernel: Kernel, session: NX_SECURE_DTLS_SESSION, chain: readonly Uint8Array[]): Verdict {
  const { provider, config } = secureState(kernel);
  const tls = session.nx_secure_dtls_tls_session;
  const refuse = (status: number, reason: string, alert: number): Verdict => {
    session.certificateStatus = status;
    return { ok: false, failure: { kind: 'certificate', reason, alert } };
  };
  const space = tls.remoteCertificates;
  if (space !== null && (chain.length > space.count || chain.some((der) => der.length > space.bytes))) {
    return refuse(NX_SECURE_TLS_INSUFFICIENT_CERT_SPACE, 'no room for the certificates of the peer', 80);
  }
  const parsed: Certificate[] = [];
  for (const der of chain) {
    const result = parseReceivedCertificate(der);
    if (!result.ok) return refuse(NX_SECURE_TLS_INVALID_CERTIFICATE, 'a certificate cannot be parsed', 42);
    parsed.push(result.certificate);
  }
  const [leaf, ...intermediates] = parsed;
  if (leaf === undefined) return refuse(NX_SECURE_TLS_INVALID_CERTIFICATE, 'no certificate', 42);
  const trusted = tls.certificates.trusted
    .map((entry) => entry.certificate)
    .filter((certificate) => certificate !== null);
  const verified = verifyChain(
    {
      leaf,
      intermediates,
      trusted,
      now: tls.timeFunction?.() ?? 0,
      usage: session.role === 'client' ? 'server' : 'client',
      allowSelfSigned: config.NX_SECURE_ALLOW_SELF_SIGNED_CERTIFICATES,
    },
    provider,
  );
  if (!verified.ok) {
    const { status, alert } = chainStatus(verified.error);
    return refuse(status, verified.error.kind, alert);
  }
  const publicKey = provider.importPublicKey(leaf.spki);
  if (publicKey === null) return { ok: false, failure: { kind: 'unsupported-public-key' } };
  return { ok: true, publicKey };
}
