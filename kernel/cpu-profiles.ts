/**
 * CPU profiles of real processors, each from published figures.
 *
 * ThreadX services: the table "Service Time in Microseconds" of the ThreadX overview (Eclipse ThreadX documentation), for
 * a typical processor at 200 MHz: thread suspend and resume 0.6, queue send and receive 0.3, semaphore get and put 0.2,
 * context switch 0.4, interrupt response up to 0.6. They are scaled by the clock; services the table does not list are
 * charged as a queue's.
 */
import { DEFAULT_CPU, INSTANT_CPU, type CpuModel, type CryptoCosts } from './cpu-model.ts';

const ms = (value: number): number => value * 1e6;

/** Service times of ThreadX at 200 MHz, in nanoseconds, at another clock. */
function threadxAt(megahertz: number): Pick<CpuModel, 'service' | 'services' | 'switch' | 'interrupt'> {
  const scaled = (nanoseconds: number): number => Math.round((nanoseconds * 200) / megahertz);
  return {
    service: scaled(300),
    services: {
      tx_thread_suspend: scaled(600),
      tx_thread_resume: scaled(600),
      tx_queue_send: scaled(300),
      tx_queue_receive: scaled(300),
      tx_semaphore_get: scaled(200),
      tx_semaphore_put: scaled(200),
      consume: 0,
    },
    switch: scaled(400),
    interrupt: scaled(600),
  };
}

/** Cycles for a byte as nanoseconds, at a clock in MHz. */
const cycles = (perByte: number, megahertz: number): number => Math.round((perByte * 1000) / megahertz);

/**
 * mbed TLS on a Cortex-M4 at 120 MHz, as the README of ARM's mbed OS TLS benchmark prints it (cycles a byte; milliseconds
 * for RSA-2048 and -4096, ECDSA, ECDHE and ECDH on P-256, P-384 and Curve25519). A key's generation is ECDHE less ECDH.
 * Not in that list, and worked out from it: P-521 and RSA-3072 by the power law through their neighbours; MD5, SHA-1 as SHA-256.
 */
const MBEDTLS_M4_120: CryptoCosts = {
  operations: {
    'sign:secp256r1': ms(304),
    'sign:secp384r1': ms(451),
    'sign:secp521r1': ms(605),
    'verify:secp256r1': ms(594),
    'verify:secp384r1': ms(863),
    'verify:secp521r1': ms(1143),
    'keygen:secp256r1': ms(285),
    'keygen:secp384r1': ms(422),
    'keygen:secp521r1': ms(557),
    'keygen:x25519': ms(265),
    'derive:secp256r1': ms(281),
    'derive:secp384r1': ms(407),
    'derive:secp521r1': ms(538),
    'derive:x25519': ms(268),
    'public:2048': ms(28),
    'public:3072': ms(56),
    'public:4096': ms(93),
    'private:2048': ms(953),
    'private:3072': ms(2605),
    'private:4096': ms(5327),
  },
  bytes: {
    md5: cycles(70, 120),
    sha1: cycles(70, 120),
    sha256: cycles(70, 120),
    sha384: cycles(215, 120),
    sha512: cycles(215, 120),
    'aes-128-cbc': cycles(82, 120),
    'aes-256-cbc': cycles(104, 120),
    'aes-128-gcm': cycles(242, 120),
    'aes-256-gcm': cycles(264, 120),
    'aes-128-ccm': cycles(192, 120),
    'aes-256-ccm': cycles(237, 120),
  },
};

/**
 * wolfCrypt 5.6.0 on an STM32G071RB, a Cortex-M0+ at 64 MHz (wolfSSL's STM32 benchmarks; single precision maths in Thumb
 * assembly, small): RSA-2048 86.9 and 3241 ms; P-256 key generation 112.2, agreement 250, signing 153.4, verifying 349 ms;
 * SHA-256 476.9 KiB/s; AES-128-CBC 355.6, AES-256-CBC 280.5 KiB/s. X25519: 3,589,850 cycles on a Cortex-M0 (Düll et al.,
 * "High-speed Curve25519 on 8-bit, 16-bit, and 32-bit microcontrollers"). Not published, and worked out by the ratios of the
 * Cortex-M4 above: larger curves and moduli, SHA-384 and SHA-512, GCM and CCM.
 */
const WOLFCRYPT_M0PLUS_64: CryptoCosts = {
  operations: {
    'sign:secp256r1': ms(153.4),
    'sign:secp384r1': ms(228),
    'sign:secp521r1': ms(305),
    'verify:secp256r1': ms(349),
    'verify:secp384r1': ms(507),
    'verify:secp521r1': ms(672),
    'keygen:secp256r1': ms(112.2),
    'keygen:secp384r1': ms(166),
    'keygen:secp521r1': ms(219),
    'keygen:x25519': ms(56.1),
    'derive:secp256r1': ms(250),
    'derive:secp384r1': ms(362),
    'derive:secp521r1': ms(479),
    'derive:x25519': ms(56.1),
    'public:2048': ms(86.9),
    'public:3072': ms(174),
    'public:4096': ms(289),
    'private:2048': ms(3241),
    'private:3072': ms(8859),
    'private:4096': ms(18116),
  },
  bytes: {
    md5: 2048,
    sha1: 2048,
    sha256: 2048,
    sha384: 6290,
    sha512: 6290,
    'aes-128-cbc': 2747,
    'aes-256-cbc': 3482,
    'aes-128-gcm': 8107,
    'aes-256-gcm': 8839,
    'aes-128-ccm': 6432,
    'aes-256-ccm': 7935,
  },
};

/** The CPU profiles by name. */
export const CPU_PROFILES = {
  default: DEFAULT_CPU,
  instant: INSTANT_CPU,
  'cortex-m4-120mhz': { name: 'cortex-m4-120mhz', ...threadxAt(120), crypto: MBEDTLS_M4_120 },
  'cortex-m0plus-64mhz': { name: 'cortex-m0plus-64mhz', ...threadxAt(64), crypto: WOLFCRYPT_M0PLUS_64 },
} as const satisfies Readonly<Record<string, CpuModel>>;

/** The name of a CPU profile. */
export type CpuProfileName = keyof typeof CPU_PROFILES;

/** Whether there is a CPU profile of this name. */
export const isCpuProfile = (name: string): name is CpuProfileName => Object.hasOwn(CPU_PROFILES, name);
