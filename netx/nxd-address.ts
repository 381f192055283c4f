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
