import type { Certificate } from './certificate.ts';
import type { NameConstraints } from './extensions.ts';

/** Whether a host name lies in a subtree (RFC 5280 section 4.2.1.10): the name itself, or labels added on its left. */
function inDnsSubtree(name: string, base: string): boolean {
  const host = name.toLowerCase();
  const subtree = base.toLowerCase();
  if (subtree === '') return true;
  if (subtree.startsWith('.')) return host.endsWith(subtree);
  return host === subtree || host.endsWith(`.${subtree}`);
}

/** Whether an address lies in a network, given as address and mask. */
function inNetwork(address: Uint8Array, network: Uint8Array): boolean {
  if (network.length !== address.length * 2) return false;
  return address.every((byte, index) => {
    const mask = network[address.length + index] ?? 0;
    return (byte & mask) === ((network[index] ?? 0) & mask);
  });
}

/** Whether all names of a certificate are such as the constraints of a CA above it allow. */
export function satisfies(certificate: Certificate, constraints: NameConstraints): boolean {
  if (constraints.others) return false;
  const { dnsNames, ipAddresses } = certificate.extensions;
  const { permittedDns, excludedDns, permittedIp, excludedIp } = constraints;
  const dnsHolds = dnsNames.every(
    (name) =>
      (permittedDns.length === 0 || permittedDns.some((base) => inDnsSubtree(name, base))) &&
      !excludedDns.some((base) => inDnsSubtree(name, base)),
  );
  const ipHolds = ipAddresses.every(
    (address) =>
      (permittedIp.length === 0 || permittedIp.some((network) => inNetwork(address, network))) &&
      !excludedIp.some((network) => inNetwork(address, network)),
  );
  return dnsHolds && ipHolds;
}
