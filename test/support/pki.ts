import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCertificate, type Certificate } from '../../secure/x509/certificate.ts';
import { decodePem } from '../../secure/x509/pem.ts';
import { scratch } from './scratch.ts';

/** Where a certificate that was made here is as a file (`pem`), or its key (`key`). */
export const pkiFile = (name: string, kind: 'pem' | 'key'): string => join(scratch, `${name}.${kind}`);

const openssl = (...args: readonly string[]): void => {
  execFileSync('openssl', args, { stdio: 'ignore', cwd: scratch });
};

/** What a test certificate is to be like; an EC P-256 key unless said otherwise. */
export interface CertificateParts {
  readonly name: string;
  /** The issuer, made before; itself where there is none. */
  readonly issuer?: string;
  readonly subject?: string;
  /** Lines of OpenSSL's extension syntax. */
  readonly extensions?: readonly string[];
  /** `YYYYMMDDHHMMSSZ`; valid from 2020 to 2040 by default. */
  readonly from?: string;
  readonly to?: string;
  /** The key of another certificate, for one that is cross-signed. */
  readonly key?: string;
  readonly algorithm?: 'ec' | 'rsa';
  /** Extra options of signing, such as RSA-PSS. */
  readonly signing?: readonly string[];
}

export const CA = [
  'basicConstraints=critical,CA:TRUE',
  'keyUsage=critical,keyCertSign,cRLSign',
  'subjectKeyIdentifier=hash',
];

const CONFIG = `[ca]
default_ca=c
[c]
database=index.txt
new_certs_dir=.
default_md=sha256
policy=p
rand_serial=yes
unique_subject=no
[p]
CN=supplied
`;

/** The private key of a certificate made here, in PEM. */
export const privateKeyOf = (name: string): string => readFileSync(pkiFile(name, 'key'), 'utf8');

/** Makes a revocation list with the openssl command: of an issuer made here, of certificates made here. */
export function makeOpensslCrl(issuer: string, revoked: Readonly<Record<string, string>>): Uint8Array {
  const config = CONFIG.replace('[p]', 'crlnumber=crlnumber\n[x]\nauthorityKeyIdentifier=keyid\n[p]');
  writeFileSync(join(scratch, 'crl.cnf'), config);
  writeFileSync(join(scratch, 'crlnumber'), '1000\n');
  writeFileSync(join(scratch, 'index.txt'), '');
  const signer = ['-config', 'crl.cnf', '-cert', `${issuer}.pem`, '-keyfile', `${issuer}.key`];
  for (const [name, reason] of Object.entries(revoked)) {
    openssl('ca', ...signer, '-revoke', `${name}.pem`, '-crl_reason', reason);
  }
  openssl('ca', ...signer, '-gencrl', '-crldays', '30', '-crlexts', 'x', '-out', 'crl.pem');
  openssl('crl', '-in', 'crl.pem', '-outform', 'DER', '-out', 'crl.der');
  return new Uint8Array(readFileSync(join(scratch, 'crl.der')));
}

/** Makes a certificate with the openssl command, and parses it. */
export function makeCertificate(parts: CertificateParts): Certificate {
  const { name, issuer = name, subject = name, extensions = [], key = name } = parts;
  const { from = '20200101000000Z', to = '20400101000000Z', algorithm = 'ec', signing = [] } = parts;
  if (key === name) {
    const options =
      algorithm === 'ec' ? ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'] : ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
    openssl('genpkey', '-algorithm', ...options, '-out', `${name}.key`);
  }
  openssl('req', '-new', '-key', `${key}.key`, '-subj', `/CN=${subject}`, '-out', `${name}.csr`);
  writeFileSync(join(scratch, 'ca.cnf'), CONFIG);
  writeFileSync(join(scratch, 'index.txt'), '');
  writeFileSync(join(scratch, `${name}.ext`), `${extensions.join('\n')}\n`);
  const signer =
    issuer === name ? ['-selfsign', '-keyfile', `${key}.key`] : ['-cert', `${issuer}.pem`, '-keyfile', `${issuer}.key`];
  const dates = ['-startdate', from, '-enddate', to];
  const files = ['-in', `${name}.csr`, '-extfile', `${name}.ext`, '-out', `${name}.pem`];
  openssl('ca', '-batch', '-notext', '-config', 'ca.cnf', ...signer, ...dates, ...files, ...signing);
  const [block] = decodePem(readFileSync(join(scratch, `${name}.pem`), 'utf8')) ?? [];
  const parsed = block === undefined ? null : parseCertificate(block.der);
  if (parsed?.ok !== true) throw new Error(`${name}: ${parsed?.error ?? 'no PEM'}`);
  return parsed.certificate;
}
