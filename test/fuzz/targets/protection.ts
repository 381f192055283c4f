import { nodeProvider } from '../../../secure/crypto/node-provider.ts';
import { suiteByName } from '../../../secure/crypto/suites.ts';
import { RecordProtection } from '../../../secure/dtls/record-protection.ts';
import {
  APPLICATION_DATA,
  buildRecord,
  DTLS_1_2,
  HANDSHAKE,
  parseRecord,
  TLS12_CID,
  type DtlsRecord,
} from '../../../secure/dtls/wire/record.ts';
import { hold, toHex, type FuzzTarget } from '../target.ts';
import { concat } from '../../../secure/dtls/wire/writer.ts';

const SUITES = [
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_PSK_WITH_AES_128_CCM_8',
  'TLS_RSA_WITH_AES_128_CBC_SHA256',
  'TLS_PSK_WITH_AES_128_CBC_SHA',
] as const;

const protections = SUITES.map((name) => {
  const cipher = suiteByName(name)?.cipher;
  hold(cipher !== undefined, 'the suite exists');
  const keys = {
    macKey: new Uint8Array(cipher.kind === 'cbc' ? cipher.macLength : 0).fill(3),
    key: new Uint8Array(16).fill(1),
    iv: new Uint8Array(cipher.kind === 'aead' ? 4 : 0).fill(2),
  };
  return new RecordProtection(nodeProvider, cipher, keys, (length) => new Uint8Array(length).fill(9));
});

/** The connection ID of those records that have one. */
const CID = Uint8Array.of(0xc1, 0xd0);

/** Genuine records, each behind a byte that says which protection it is under. */
const genuine = protections.flatMap((protection, index) =>
  [0, 1, 15, 40, 120].map((length, sequence) => {
    const type = length === 40 ? HANDSHAKE : APPLICATION_DATA;
    const fragment = new Uint8Array(length).fill(0x41);
    const plain: DtlsRecord =
      length === 15
        ? { type: TLS12_CID, version: DTLS_1_2, epoch: 1, sequence, cid: CID, fragment }
        : { type, version: DTLS_1_2, epoch: 1, sequence, fragment };
    return Uint8Array.of(index, ...buildRecord({ ...plain, fragment: concat(...protection.seal(plain)) }));
  }),
);
const known = new Set(genuine.map(toHex));

/** Opening of protected records. */
export const protection: FuzzTarget = {
  name: 'protection',
  seeds: () => genuine,
  run: (input) => {
    const index = (input[0] ?? 0) % protections.length;
    const parsed = parseRecord(input.subarray(1), CID.length);
    const under = protections[index];
    if (parsed === null || under === undefined) return 'no record';
    const { record } = parsed;
    const plaintext = under.open(record);
    if (plaintext === null) return `${index} refused ${Math.min(record.fragment.length >> 3, 6)}`;
    hold(known.has(toHex(Uint8Array.of(index, ...buildRecord(record)))), 'only what was sealed opens');
    hold(
      plaintext.every((byte) => byte === 0x41),
      'it opens to what was sealed',
    );
    return `${index} opened ${plaintext.length}`;
  },
};
