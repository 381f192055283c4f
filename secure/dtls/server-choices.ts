import type { GroupName } from '../crypto/provider.ts';
import { certificateKeyOf, type CipherSuite } from '../crypto/suites.ts';
import type { DtlsConfig } from './config.ts';
import { suits, type DtlsVersion } from './version.ts';
import type { ClientHello } from './wire/client-hello.ts';
import { groupNumber } from './wire/extensions.ts';
import { DTLS_1_2 } from './wire/record.ts';
import { chooseScheme, SIGNATURE_ALGORITHMS } from './wire/signature.ts';

/** The signature algorithms that a client takes; null where the version has none to choose from. */
export function acceptedSchemes({ extensions }: ClientHello, version: DtlsVersion): readonly number[] | null {
  return version === DTLS_1_2 ? (extensions.signatureAlgorithms ?? SIGNATURE_ALGORITHMS) : null;
}

/** The first of the server's groups that the client has too; a client that names none takes P-256 (RFC 8422 section 4). */
export function chooseGroup(config: DtlsConfig, { extensions }: ClientHello): GroupName | null {
  if (extensions.uncompressedPoints === false) return null;
  const { groups } = extensions;
  if (groups === undefined) return config.groups.includes('secp256r1') ? 'secp256r1' : null;
  return config.groups.find((group) => groups.includes(groupNumber(group))) ?? null;
}

/** The first of the server's suites that the client has too, and that the server's credentials can carry. */
export function chooseSuite(
  { suites, identity, pskForIdentity }: DtlsConfig,
  hello: ClientHello,
  version: DtlsVersion,
  group: GroupName | null,
): CipherSuite | null {
  const accepted = acceptedSchemes(hello, version);
  const fits = (suite: CipherSuite): boolean => {
    if (!hello.cipherSuites.includes(suite.id) || !suits(suite, version)) return false;
    switch (suite.keyExchange) {
      case 'psk':
        return pskForIdentity !== undefined;
      case 'rsa':
        return identity?.privateKey.type === 'rsa';
      case 'ecdhe_rsa':
      case 'ecdhe_ecdsa':
        return (
          group !== null &&
          identity?.privateKey.type === certificateKeyOf(suite) &&
          chooseScheme(accepted, identity.privateKey) !== null
        );
      case 'ecdhe_psk':
        return group !== null && pskForIdentity !== undefined;
    }
  };
  return suites.find(fits) ?? null;
}
