const LABEL = /^[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/**
 * Whether a name is a host name of the ARPANET's rules (RFC 1035 section 2.3.1): labels of up to 63 characters with dots
 * between them, each beginning with a letter and ending with a letter or digit, and hyphens inside. A last dot may follow.
 */
export function isHostName(name: string): boolean {
  const labels = (name.endsWith('.') ? name.slice(0, -1) : name).split('.');
  return name.length <= 255 && labels.every((label) => LABEL.test(label));
}
