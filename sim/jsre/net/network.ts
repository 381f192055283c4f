import type { Kernel } from '../../../kernel/kernel.ts';
import type { Suspension } from '../../../kernel/op.ts';
import type { NX_IP } from '../../../netx/ip.ts';
import type { NXD_ADDRESS } from '../../../netx/nxd-address.ts';
import type { NX_PACKET_POOL } from '../../../netx/packet-pool.ts';
import { DtlsThread } from './dtls-thread.ts';
import { ERRNO } from '../runtime/errno.ts';
import { isLocalAddress } from './local-address.ts';
import { isAny, type Domain } from './net-address.ts';
import type { ServerSettings } from './settings.ts';
import { UdpEndpoint } from './udp-endpoint.ts';
import { UdpPort } from './udp-port.ts';

/** What of a device its network needs. */
export interface NetworkParts {
  readonly kernel: Kernel;
  readonly ip: NX_IP;
  readonly pool: NX_PACKET_POOL;
  /** The names of its interfaces: `en1`, `en2` and so on. */
  readonly interfaces: readonly string[];
  /** The device's clock: seconds since 1970, or 0 where it has none. */
  readonly unixTime: () => number;
}

/** The network of a device, as its tasks share it: ports, servers by their names, and the thread that drives DTLS. */
export class JsreNetwork {
  readonly kernel: Kernel;
  readonly ip: NX_IP;
  readonly pool: NX_PACKET_POOL;
  readonly interfaces: readonly string[];
  readonly unixTime: () => number;
  readonly ports = new Map<number, UdpPort>();
  /** The servers that other tasks of the device can find, by name. */
  readonly servers = new Map<string, ServerSettings>();
  readonly dtls: DtlsThread;

  constructor({ kernel, ip, pool, interfaces, unixTime }: NetworkParts) {
    this.kernel = kernel;
    this.ip = ip;
    this.pool = pool;
    this.interfaces = interfaces;
    this.unixTime = unixTime;
    this.dtls = new DtlsThread(kernel);
  }

  /** A time in milliseconds as ticks: rounded up, so that nobody is woken too early. */
  ticks(milliseconds: number): number {
    return Math.ceil((milliseconds * this.kernel.config.TX_TIMER_TICKS_PER_SECOND) / 1000);
  }

  /** Index of an interface by its name, or null. */
  interfaceIndex(name: string): number | null {
    const index = this.interfaces.indexOf(name);
    return index < 0 ? null : index;
  }

  /**
   * Binds an endpoint to its local address and a port.
   *
   * @param port - 0 for a free one
   * @returns 0; `EADDRNOTAVAIL` for an address that is not the device's; `EADDRINUSE`; `EBADF` for one that is closed
   */
  *bind(endpoint: UdpEndpoint, port: number): Generator<Suspension, number, unknown> {
    if (!endpoint.isOpen) return ERRNO.EBADF;
    if (!isAny(endpoint.local) && !isLocalAddress(this.ip, endpoint.local)) return ERRNO.EADDRNOTAVAIL;
    const shared = port === 0 ? undefined : this.ports.get(port);
    if (shared !== undefined) {
      if ([...shared.endpoints].some((other) => clashes(other, endpoint))) return ERRNO.EADDRINUSE;
      shared.join(endpoint);
      return 0;
    }
    const fresh = new UdpPort(this);
    const errno = yield* fresh.open(port);
    if (errno !== 0) return errno;
    this.ports.set(fresh.number, fresh);
    fresh.join(endpoint);
    return 0;
  }

  endpoint(domain: Domain, local: NXD_ADDRESS): UdpEndpoint {
    return new UdpEndpoint(this, domain, local);
  }
}

/** Whether two endpoints cannot have the same port: strangers would not know whom they talk to. */
function clashes(other: UdpEndpoint, endpoint: UdpEndpoint): boolean {
  if (other.peer !== null || other.domain !== endpoint.domain) return false;
  return isAny(other.local) || isAny(endpoint.local) || other.local.equals(endpoint.local);
}
