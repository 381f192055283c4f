import { STATUSES, type Status } from '../status-names.ts';
import { DHCP } from './catalogue/dhcp.ts';
import { DTLS_SESSIONS } from './catalogue/dtls-sessions.ts';
import { HANDSHAKE } from './catalogue/handshake.ts';
import { KERNEL } from './catalogue/kernel.ts';
import { NETX } from './catalogue/netx.ts';
import { SOCKETS } from './catalogue/sockets.ts';
import { TLS } from './catalogue/tls.ts';
import { X509_FORMAT } from './catalogue/x509-format.ts';
import { X509_TRUST } from './catalogue/x509-trust.ts';
import type { Explanation } from './explanation.ts';
import { SERVICES } from './services.ts';

/** The parts of the catalogue, each under the name of what its statuses are about. */
export const CATALOGUE: Readonly<Record<string, Readonly<Record<string, Explanation>>>> = {
  kernel: KERNEL,
  'packets and IP': NETX,
  sockets: SOCKETS,
  'DHCP client': DHCP,
  'DTLS sessions': DTLS_SESSIONS,
  'TLS handshake': HANDSHAKE,
  'TLS 1.3 and renegotiation': TLS,
  'X.509 format': X509_FORMAT,
  'X.509 trust': X509_TRUST,
};

/** A service that gives a status, with the words on when; none where the status says it all. */
export interface Giver {
  readonly service: string;
  readonly when: string;
}

/** A status with everything that is known of it. */
export interface ExplainedStatus {
  readonly name: string;
  readonly code: number;
  /** The product that defines it. */
  readonly product: Status['product'];
  /** What it is about. */
  readonly family: string;
  readonly meaning: string;
  readonly causes: readonly string[];
  /** Where it comes up though no service gives it, or null. */
  readonly elsewhere: string | null;
  readonly services: readonly Giver[];
}

const families = new Map<string, readonly [family: string, explanation: Explanation]>();
for (const [family, statuses] of Object.entries(CATALOGUE)) {
  for (const [name, explanation] of Object.entries(statuses)) families.set(name, [family, explanation]);
}

/** Tells what a status means. */
export function explained({ name, code, product }: Status): ExplainedStatus {
  const [family, { meaning, causes = [], elsewhere = null }] = families.get(name) ?? ['', { meaning: '' }];
  const services = Object.entries(SERVICES).flatMap(([service, statuses]) => {
    const when = statuses[name];
    return when === undefined ? [] : [{ service, when }];
  });
  return { name, code, product, family, meaning, causes, elsewhere, services };
}

/** A status that a service gives. */
export interface GivenStatus {
  readonly name: string;
  readonly code: number;
  readonly meaning: string;
  /** The words on when this service gives it; empty where the meaning says it all. */
  readonly when: string;
}

/** A service with its statuses. */
export interface ExplainedService {
  readonly name: string;
  readonly statuses: readonly GivenStatus[];
}

/** Tells which statuses a service gives. */
export function explainedService(name: string): ExplainedService {
  const statuses = Object.entries(SERVICES[name] ?? {}).flatMap(([status, when]) => {
    const known = STATUSES.find((one) => one.name === status);
    const meaning = families.get(status)?.[1].meaning ?? '';
    return known === undefined ? [] : [{ name: status, code: known.code, meaning, when }];
  });
  return { name, statuses };
}
