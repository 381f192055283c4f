import { generateKeyPair, randomSerial, type KeyPair } from '../../secure/crypto/node/key-pair.ts';
import { nodeProvider } from '../../secure/crypto/node-provider.ts';
import { issueCertificate, type CertificateName, type Signer } from '../../secure/x509/issue/certificate.ts';

/** A certificate of the test PKI with its key. */
export interface Credential {
  /** `server`, `expired`, … */
  readonly name: string;
  /** What it is for, in a few words. */
  readonly about: string;
  readonly certificate: Uint8Array;
  /** PKCS#1 or SEC1, DER. */
  readonly privateKey: Uint8Array;
}

export interface PkiOptions {
  readonly type: 'ec' | 'rsa';
  /** Names that the server's certificate is good for. */
  readonly dnsNames: readonly string[];
  /** Addresses that the server's certificate is good for, as bytes. */
  readonly addresses: readonly Uint8Array[];
}

const FROM = '20200101000000Z';
const TO = '20491231235959Z';
const ORGANIZATION = 'txsim test';

interface Part {
  readonly name: string;
  readonly about: string;
  readonly issuer: string;
  readonly isCa?: boolean;
  readonly usage?: 'server' | 'client';
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly dnsNames?: readonly string[];
  readonly addresses?: readonly Uint8Array[];
}

/** The certificates of the PKI, each after its issuer. */
const parts = ({ dnsNames, addresses }: PkiOptions): readonly Part[] => [
  { name: 'root', about: 'the root that devices trust', issuer: 'root', isCa: true },
  { name: 'intermediate', about: 'issued by the root, issues the others', issuer: 'root', isCa: true },
  { name: 'server', about: 'a server, good', issuer: 'intermediate', usage: 'server', dnsNames, addresses },
  { name: 'client', about: 'a client, good', issuer: 'intermediate', usage: 'client' },
  {
    name: 'expired',
    about: 'a server whose time was over at the end of 2021',
    issuer: 'intermediate',
    usage: 'server',
    dnsNames,
    addresses,
    notAfter: '20211231235959Z',
  },
  {
    name: 'wrong-name',
    about: 'a server of another name',
    issuer: 'intermediate',
    usage: 'server',
    dnsNames: ['somebody-else.example'],
  },
];

/**
 * Makes a PKI for tests: a root, an intermediate, a server and a client that are good, and two servers that are not. The keys are
 * new each time.
 */
export function makeTestPki(options: PkiOptions): readonly Credential[] {
  const { type } = options;
  const made = new Map<
    string,
    { readonly keys: KeyPair; readonly subject: CertificateName; readonly signer: Signer }
  >();
  return parts(options).map((part) => {
    const keys = generateKeyPair(type);
    const subject = { organization: ORGANIZATION, commonName: `txsim ${type} ${part.name}` };
    made.set(part.name, { keys, subject, signer: signerOf(type, keys) });
    const issuer = made.get(part.issuer);
    if (issuer === undefined) throw new Error(`${part.name}: its issuer ${part.issuer} comes later`);
    const request = {
      subject,
      issuer: issuer.subject,
      publicKey: keys.publicKey,
      issuerKey: issuer.keys.publicKey,
      serial: randomSerial(),
      notBefore: part.notBefore ?? FROM,
      notAfter: part.notAfter ?? TO,
      isCa: part.isCa ?? false,
      usage: part.usage ?? null,
      dnsNames: part.dnsNames ?? [],
      addresses: part.addresses ?? [],
    };
    const certificate = issueCertificate(request, issuer.signer);
    return { name: part.name, about: part.about, certificate, privateKey: keys.privateKey };
  });
}

function signerOf(type: 'ec' | 'rsa', { privateKey }: KeyPair): Signer {
  const key = nodeProvider.importPrivateKey(privateKey);
  if (key === null) throw new Error('a new key cannot be imported');
  const scheme =
    type === 'ec' ? ({ kind: 'ecdsa', hash: 'sha256' } as const) : ({ kind: 'rsa-pkcs1', hash: 'sha256' } as const);
  return {
    algorithm: type === 'ec' ? 'ecdsa-sha256' : 'rsa-sha256',
    sign: (data) => nodeProvider.sign(scheme, key, data),
    hash: (name, data) => nodeProvider.hash(name, data),
  };
}
