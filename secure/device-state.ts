import type { Kernel } from '../kernel/kernel.ts';
import { SimulationError } from '../kernel/simulation-error.ts';
import type { Trace } from '../kernel/trace.ts';
import { chargedProvider } from './crypto/charged-provider.ts';
import type { CryptoProvider } from './crypto/provider.ts';
import { secureConfig, type SecureConfig } from './config.ts';
import type { NX_SECURE_DTLS_SERVER } from './dtls-server.ts';
import type { NX_SECURE_DTLS_SESSION } from './dtls-session.ts';
import type { QuirkName } from './quirks.ts';
import type { SecureEvent } from './trace.ts';

/** What the C library keeps in globals: one of it per device. */
export interface SecureState {
  readonly config: SecureConfig;
  /** The device's cryptography; its operations are charged to the calling thread. */
  readonly provider: CryptoProvider;
  readonly trace: Trace<SecureEvent> | null;
  /** The sessions that were created and not deleted; those of servers too. */
  readonly sessions: Set<NX_SECURE_DTLS_SESSION>;
  readonly servers: Set<NX_SECURE_DTLS_SERVER>;
}

/** Whether a device is like the shipped library in some respect. */
export const hasQuirk = (kernel: Kernel, name: QuirkName): boolean =>
  secureState(kernel).config.NX_SECURE_QUIRKS.has(name);

const states = new WeakMap<Kernel, SecureState>();

/** Gives a device its cryptography and the place to report to; to be called before it boots. */
export function installSecure(kernel: Kernel, provider: CryptoProvider, trace: Trace<SecureEvent> | null): void {
  states.set(kernel, {
    config: secureConfig(kernel),
    provider: chargedProvider(kernel, provider),
    trace,
    sessions: new Set(),
    servers: new Set(),
  });
}

/** The device's DTLS state. */
export function secureState(kernel: Kernel): SecureState {
  const state = states.get(kernel);
  if (state !== undefined) return state;
  throw new SimulationError({
    kind: 'world',
    what: `device '${kernel.name}' was built without cryptography`,
    fix: 'call installSecure(kernel, provider, trace) before the device boots',
  });
}
