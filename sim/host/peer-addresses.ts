import type { DeviceAddress } from './device-address.ts';
import { formatAddress, type IpAddress } from './ip-address.ts';

/** Host addresses that have an address of one network at the same time; then the oldest gives its own up. */
const MAX_IN_NETWORK = 64;

/** The simulated addresses of real peers: in each network one for each host address, the highest that are free. */
export class PeerAddresses {
  /** By network, and then by host address. */
  readonly #networks = new Map<string, Map<string, IpAddress>>();
  /** The host address behind each simulated one. */
  readonly #hosts = new Map<string, string>();

  /** The host address that a simulated address stands for, or null. */
  hostOf(address: IpAddress): string | null {
    return this.#hosts.get(formatAddress(address)) ?? null;
  }

  /**
   * The address by which a device knows a host address.
   *
   * @param isTaken - whether somebody else has an address
   * @param announce - called with one that is new
   */
  get(
    host: string,
    neighbour: DeviceAddress,
    isTaken: (address: IpAddress) => boolean,
    announce: (address: IpAddress) => void,
  ): IpAddress {
    const top = topOf(neighbour);
    const network = this.#networkAt(formatAddress(top));
    const known = network.get(host);
    if (known !== undefined) return known;
    const address = this.#choose(network, top, isTaken);
    network.set(host, address);
    this.#hosts.set(formatAddress(address), host);
    announce(address);
    return address;
  }

  #networkAt(name: string): Map<string, IpAddress> {
    const network = this.#networks.get(name) ?? new Map<string, IpAddress>();
    this.#networks.set(name, network);
    return network;
  }

  #choose(network: Map<string, IpAddress>, top: IpAddress, isTaken: (address: IpAddress) => boolean): IpAddress {
    const [oldest] = network;
    if (oldest !== undefined && network.size >= MAX_IN_NETWORK) {
      network.delete(oldest[0]);
      return oldest[1];
    }
    let address = top;
    while (isTaken(address) || this.#hosts.has(formatAddress(address))) address = below(address);
    return address;
  }
}

/** The highest address of a device's network that a host may have. */
function topOf({ address, mask }: DeviceAddress): IpAddress {
  if (typeof address === 'number') return ((address | ~mask) >>> 0) - 1;
  return Uint32Array.of(address[0] ?? 0, address[1] ?? 0, 0, 0xffff_fffe);
}

function below(address: IpAddress): IpAddress {
  if (typeof address === 'number') return address - 1;
  const lower = address.slice();
  lower[3] = (lower[3] ?? 0) - 1;
  return lower;
}
