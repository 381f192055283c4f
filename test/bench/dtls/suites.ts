const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

export const PSK = Uint8Array.from({ length: 16 }, (_, index) => index + 1);
export const PSK_IDENTITY = ascii('bench-device');
export const PSK_HINT = ascii('bench');

/** What NetX Duo itself does a second with both ends on one machine (its Linux port, 2-core x86-64); null: not measured. */
export interface NetxFigures {
  readonly handshakes: number | null;
  readonly small: number | null;
  readonly large: number | null;
}

/** A cipher suite that is measured. */
export interface Suite {
  readonly id: number;
  readonly name: string;
  readonly auth: 'ecdsa' | 'rsa' | 'psk';
  /** By OpenSSL's name. */
  readonly openssl: string;
  readonly netx: NetxFigures;
}

// Records: the best of what was measured over suites (4,800 to 6,400 of 64 bytes, 1,500 to 5,500 of 1 KiB).
const RECORDS = { small: 6_400, large: 5_500 } as const;

export const SUITES: readonly Suite[] = [
  {
    id: 0xc02b,
    name: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
    auth: 'ecdsa',
    openssl: 'ECDHE-ECDSA-AES128-GCM-SHA256',
    netx: { handshakes: 87, ...RECORDS },
  },
  {
    id: 0xc02f,
    name: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
    auth: 'rsa',
    openssl: 'ECDHE-RSA-AES128-GCM-SHA256',
    netx: { handshakes: null, ...RECORDS },
  },
  {
    id: 0x003c,
    name: 'TLS_RSA_WITH_AES_128_CBC_SHA256',
    auth: 'rsa',
    openssl: 'AES128-SHA256',
    netx: { handshakes: 78, ...RECORDS },
  },
  {
    id: 0xc0a8,
    name: 'TLS_PSK_WITH_AES_128_CCM_8',
    auth: 'psk',
    openssl: 'PSK-AES128-CCM8',
    netx: { handshakes: 544, ...RECORDS },
  },
];
