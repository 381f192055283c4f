import type { ULONG } from '../kernel/constants.ts';

/** An IP address of either version. */
export class NXD_ADDRESS {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 20;

  /** `NX_IP_VERSION_V4`, `NX_IP_VERSION_V6`, or 0 while unset. */
  nxd_ip_version: ULONG = 0;
  readonly nxd_ip_address: { v4: ULONG; readonly v6: Uint32Array } = { v4: 0, v6: new Uint32Array(4) };

  copyFrom(other: NXD_ADDRESS): void {
    this.nxd_ip_version = other.nxd_ip_version;
    this.nxd_ip_address.v4 = other.nxd_ip_address.v4;
    this.nxd_ip_address.v6.set(other.nxd_ip_address.v6);
  }

  clear(): void {
    this.nxd_ip_version = 0;
    this.nxd_ip_address.v4 = 0;
    this.nxd_ip_address.v6.fill(0);
  }

  equals(other: NXD_ADDRESS): boolean {
    if (this.nxd_ip_version !== other.nxd_ip_version) return false;
    if (this.nxd_ip_version !== 6) return this.nxd_ip_address.v4 === other.nxd_ip_address.v4;
    return this.nxd_ip_address.v6.every((word, index) => word === other.nxd_ip_address.v6[index]);
  }
}

/** `192.168.1.150` */
export function formatIpv4(address: ULONG): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

/**
 * `2001:db8::1` (RFC 5952): lower case, no leading zeros, the longest run of two or more groups of 0 as `::`, the first of
 * several; an IPv4 address mapped into IPv6 ends in its own notation.
 */
export function formatIpv6(address: Uint32Array): string {
  const [first = 0, second = 0, third = 0, last = 0] = address;
  if (first === 0 && second === 0 && third === 0xffff) return `::ffff:${formatIpv4(last)}`;
  const groups = [first, second, third, last].flatMap((word) => [word >>> 16, word & 0xffff]);
  const run = longestZeroRun(groups);
  const text = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return run === null ? text(0, 8) : `${text(0, run.start)}::${text(run.end, 8)}`;
}

function longestZeroRun(groups: readonly number[]): { readonly start: number; readonly end: number } | null {
  let best = { start: 0, end: 1 };
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === 0) end++;
    if (end - start > best.end - best.start) best = { start, end };
  }
  return best.end - best.start > 1 ? best : null;
}

/** An address of either version as people write it. */
export function formatAddress(address: NXD_ADDRESS): string {
  return address.nxd_ip_version === 6 ? formatIpv6(address.nxd_ip_address.v6) : formatIpv4(address.nxd_ip_address.v4);
}

/** An address of either version with a port: `192.168.1.10:4443`, `[2001:db8::1]:4443`. */
export function formatAddressAndPort(address: NXD_ADDRESS, port: number): string {
  const text = formatAddress(address);
  return address.nxd_ip_version === 6 ? `[${text}]:${port}` : `${text}:${port}`;
}
