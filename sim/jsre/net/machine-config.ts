import type { NXD_ADDRESS } from '../../../netx/nxd-address.ts';
import { CIPHER_SUITES, isPsk } from '../../../secure/crypto/suites.ts';
import { secureState } from '../../../secure/device-state.ts';
import type { DtlsConfig, PeerVerdict } from '../../../secure/dtls/config.ts';
import { BAD_CERTIFICATE } from '../../../secure/dtls/wire/alert.ts';
import { parseReceivedCertificate } from '../../../secure/x509/certificate-cache.ts';
import type { Certificate } from '../../../secure/x509/certificate.ts';
import { verifyChain } from '../../../secure/x509/chain.ts';
import { matchesDnsName, matchesIpAddress } from '../../../secure/x509/names.ts';
import { chainStatus } from '../../../secure/status.ts';
import { addressBytes, domainOf, isV6, parseAddress } from './net-address.ts';
import type { JsreNetwork } from './network.ts';
import type { ClientSettings, NamedIdentity } from './settings.ts';

/** The suites that are spoken: all that have certificates. */
const SUITES = CIPHER_SUITES.filter((suite) => !isPsk(suite));
const GROUPS = ['secp256r1', 'x25519', 'secp384r1', 'secp521r1'] as const;
/** Bytes of the headers of IP, by version, and UDP. */
const IP_UDP_HEADERS = 20 + 8;
const IPV6_UDP_HEADERS = 40 + 8;
const MAX_HANDSHAKE_MESSAGE = 16_384;
/** As in RFC 6347 section 4.2.4.1; how often is a matter of the handshake's own time limit. */
const RETRANSMIT = { initial: 1e9, max: 60e9, retries: 1000, shift: 1 };

/** What is the same for clients and servers. */
function commonConfig(
  network: JsreNetwork,
  peer: NXD_ADDRESS,
): Omit<DtlsConfig, 'verifyPeer' | 'identity' | 'requestClientCertificate'> {
  const { kernel, ip } = network;
  const { provider, trace } = secureState(kernel);
  const mtu = ip.nx_ip_interface[0]?.nx_interface_ip_mtu_size ?? 0;
  return {
    provider,
    random: (length) => kernel.random.bytes(length),
    suites: SUITES,
    groups: GROUPS,
    maxDatagram: (mtu === 0 ? 1500 : mtu) - (isV6(peer) ? IPV6_UDP_HEADERS : IP_UDP_HEADERS),
    retransmit: RETRANSMIT,
    maxHandshakeMessage: MAX_HANDSHAKE_MESSAGE,
    keyLog: (label, random, secret) => {
      trace?.record({ type: 'key-log', line: `${label} ${hex(random)} ${hex(secret)}` });
    },
  };
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * What the machine of a server's end has to know.
 *
 * @param chosen - what to show the client and whom to trust, once it has said which name it wants
 */
export function serverConfig(network: JsreNetwork, peer: NXD_ADDRESS, chosen: () => NamedIdentity): DtlsConfig {
  return {
    ...commonConfig(network, peer),
    asks: { hello: true, certificate: false },
    // Read when they are needed: after the client has named the server it wants.
    get identity() {
      return chosen().identity;
    },
    get requestClientCertificate() {
      return chosen().trusted.length > 0;
    },
    verifyPeer: (chain) => verify(network, chain, chosen().trusted, 'client', null),
  };
}

/** What the machine of a client has to know. */
export function clientConfig(network: JsreNetwork, peer: NXD_ADDRESS, settings: ClientSettings): DtlsConfig {
  const { identity, server, trusted, rejectUnauthorized } = settings;
  const isHostName = server !== null && domainOf(server) === null;
  return {
    ...commonConfig(network, peer),
    identity: identity ?? undefined,
    ...(isHostName ? { serverName: server } : {}),
    verifyPeer: (chain) =>
      rejectUnauthorized ? verify(network, chain, trusted, 'server', server) : unverified(network, chain),
  };
}

const refuse = (reason: string, alert: number): PeerVerdict => ({
  ok: false,
  failure: { kind: 'certificate', reason, alert },
});

/** Takes the peer's key as its certificate has it. */
function unverified(network: JsreNetwork, chain: readonly Uint8Array[]): PeerVerdict {
  const [der] = chain;
  const parsed = der === undefined ? null : parseReceivedCertificate(der);
  if (parsed?.ok !== true) return refuse('malformed', BAD_CERTIFICATE);
  return keyOf(network, parsed.certificate);
}

function keyOf(network: JsreNetwork, leaf: Certificate): PeerVerdict {
  const publicKey = secureState(network.kernel).provider.importPublicKey(leaf.spki);
  return publicKey === null ? { ok: false, failure: { kind: 'unsupported-public-key' } } : { ok: true, publicKey };
}

/** Judges the peer's certificates by those that are trusted, the device's clock and the name that is wanted. */
function verify(
  network: JsreNetwork,
  chain: readonly Uint8Array[],
  trusted: readonly Certificate[],
  usage: 'server' | 'client',
  name: string | null,
): PeerVerdict {
  const parsed: Certificate[] = [];
  for (const der of chain) {
    const result = parseReceivedCertificate(der);
    if (!result.ok) return refuse('malformed', BAD_CERTIFICATE);
    parsed.push(result.certificate);
  }
  const [leaf, ...intermediates] = parsed;
  if (leaf === undefined) return refuse('none', BAD_CERTIFICATE);
  const now = network.unixTime();
  const { provider } = secureState(network.kernel);
  const request = { leaf, intermediates, trusted, now, usage, allowSelfSigned: true };
  const verified = verifyChain(request, provider);
  if (!verified.ok) return refuse(verified.error.kind, chainStatus(verified.error).alert);
  if (name !== null && !isFor(leaf, name)) return refuse('wrong name', BAD_CERTIFICATE);
  return keyOf(network, leaf);
}

/** Whether a certificate is for a host name or an address. */
function isFor(leaf: Certificate, name: string): boolean {
  const domain = domainOf(name);
  const address = domain === null ? null : parseAddress(domain, name);
  return address === null ? matchesDnsName(leaf, name) : matchesIpAddress(leaf, addressBytes(address));
}
