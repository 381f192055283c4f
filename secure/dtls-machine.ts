import type { Kernel } from '../kernel/kernel.ts';
import { NX_SUCCESS } from '../netx/constants.ts';
import {
  NX_SECURE_TLS_INSUFFICIENT_CERT_SPACE,
  NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE,
  NX_SECURE_X509_INVALID_CERTIFICATE,
} from './constants.ts';
import { hasMissingRoutine, suitesOf } from './crypto-table.ts';
import { secureState } from './device-state.ts';
import type { GroupName } from './crypto/provider.ts';
import type { DtlsConfig, Resumption } from './dtls/config.ts';
import type { NX_SECURE_DTLS_SESSION } from './dtls-session.ts';
import { chainStatus } from './status.ts';
import { verifyChain } from './x509/chain.ts';
import { parseReceivedCertificate } from './x509/certificate-cache.ts';
import type { Certificate } from './x509/certificate.ts';

/** Largest UDP payload of a handshake datagram over IPv4 on Ethernet, in bytes. */
const MAX_DATAGRAM = 1500 - 20 - 8;
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
  const { psks, certificates } = tls;
  const nanoseconds = (ticks: number): number => (ticks * 1e9) / config.rate;
  const identity = certificates.identity();
  const table = tls.nx_secure_tls_crypto_table;
  const hint = psks.hint;
  return {
    provider,
    random: (length) => kernel.random.bytes(length),
    suites: table === null ? [] : suitesOf(table, config),
    groups: tls.groups ?? DEFAULT_GROUPS,
    ...(identity === null ? {} : { identity }),
    ...(psks.size === 0
      ? {}
      : {
          pskForHint: (wanted: Uint8Array) => psks.forHint(wanted),
          pskForIdentity: (wanted: Uint8Array) => psks.forIdentity(wanted),
          ...(hint === null || hint.length === 0 ? {} : { pskHint: hint }),
        }),
    verifyPeer: (chain) => verifyPeer(kernel, session, chain),
    requestClientCertificate: session.role === 'server' && tls.verifiesClient,
    maxDatagram: MAX_DATAGRAM,
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

/** Where the session's associations are kept that can be taken up again: with its server, or with the client itself. */
function resumptionOf(session: NX_SECURE_DTLS_SESSION): Resumption {
  if (session.role === 'server' && session.server !== null) return session.server.resumable;
  session.resumable.begin(session.peer);
  return session.resumable;
}

/** `NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE` for a session whose table has a NULL routine, else `NX_SUCCESS`. */
export function missingRoutine(session: NX_SECURE_DTLS_SESSION): number {
  const table = session.nx_secure_dtls_tls_session.nx_secure_tls_crypto_table;
  return table !== null && hasMissingRoutine(table) ? NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE : NX_SUCCESS;
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
    if (!result.ok) return refuse(NX_SECURE_X509_INVALID_CERTIFICATE, 'a certificate cannot be parsed', 42);
    parsed.push(result.certificate);
  }
  const [leaf, ...intermediates] = parsed;
  if (leaf === undefined) return refuse(NX_SECURE_X509_INVALID_CERTIFICATE, 'no certificate', 42);
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
