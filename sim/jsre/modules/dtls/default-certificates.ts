import type { Certificate } from '../../../../secure/x509/certificate.ts';
import { readCertificates } from '../../net/credentials.ts';
import type { DeviceFiles } from '../../runtime/files.ts';

/** Where a device keeps the certificates that it trusts by default. */
export const TRUST_STORE = '/etc/certs';

/** The certificates that a device trusts by default: those of all PEM files in its trust store that can be read. */
export function defaultCertificates(files: DeviceFiles): readonly Certificate[] {
  const names = files.list(TRUST_STORE) ?? [];
  return names.flatMap((name) => {
    const bytes = files.read(`${TRUST_STORE}/${name}`);
    return bytes === null ? [] : (readCertificates(new TextDecoder().decode(bytes)) ?? []);
  });
}
