import type { CryptoProvider } from '../crypto/provider.ts';
import { CLIENT_HELLO, HELLO_VERIFY_REQUEST, parseFragments, buildFragment } from './wire/handshake.ts';
import { buildClientHello, parseClientHello, type ClientHello } from './wire/client-hello.ts';
import { buildHelloVerifyRequest } from './wire/hello-verify-request.ts';
import { buildRecord, DTLS_1_0, HANDSHAKE, parseRecord } from './wire/record.ts';
import { sameSecret } from '../bytes.ts';

/** Bytes of a cookie. */
const COOKIE_LENGTH = 32;

/** What a server without a session for a peer does with its datagram. */
export type CookieAnswer =
  /** Send this HelloVerifyRequest back; nothing is to be remembered. */
  | { readonly verdict: 'verify'; readonly reply: Uint8Array }
  /** The ClientHello has a valid cookie: the peer receives what is sent to its address. */
  | { readonly verdict: 'verified' }
  | { readonly verdict: 'ignored'; readonly reason: string };

/**
 * The stateless cookie exchange of a server (RFC 6347 section 4.2.1): a cookie is a MAC over the client's address and the
 * parameters of its ClientHello, so that it can be checked without having been remembered.
 */
export class CookieExchange {
  readonly #provider: CryptoProvider;
  readonly #random: (length: number) => Uint8Array;
  #secret: Uint8Array;
  #former: Uint8Array | null = null;

  constructor(provider: CryptoProvider, random: (length: number) => Uint8Array) {
    this.#provider = provider;
    this.#random = random;
    this.#secret = random(32);
  }

  /** Takes a new secret; cookies made with the one before are accepted until the next change. */
  rotate(): void {
    this.#former = this.#secret;
    this.#secret = this.#random(32);
  }

  /**
   * Judges the first datagram of a peer.
   *
   * @param peer - its address and port, in any form that is always the same
   * @param lenient - takes any cookie of up to 32 bytes for a valid one
   */
  answer(datagram: Uint8Array, peer: Uint8Array, lenient = false): CookieAnswer {
    const parsed = parseRecord(datagram);
    if (parsed === null) return { verdict: 'ignored', reason: 'no DTLS record' };
    const { record } = parsed;
    if (record.type !== HANDSHAKE || record.epoch !== 0) return { verdict: 'ignored', reason: 'no ClientHello' };
    const [fragment] = parseFragments(record.fragment) ?? [];
    if (fragment?.type !== CLIENT_HELLO) return { verdict: 'ignored', reason: 'no ClientHello' };
    // A ClientHello in fragments would have to be remembered before its sender has proved anything.
    if (fragment.body.length !== fragment.length) return { verdict: 'ignored', reason: 'fragmented ClientHello' };
    const hello = parseClientHello(fragment.body);
    if (hello === null) return { verdict: 'ignored', reason: 'malformed ClientHello' };
    const valid = [this.#secret, this.#former].some(
      (secret) => secret !== null && sameSecret(hello.cookie, this.#cookie(secret, hello, peer)),
    );
    const taken = lenient && hello.cookie.length > 0 && hello.cookie.length <= COOKIE_LENGTH;
    if (valid || taken) return { verdict: 'verified' };
    const body = buildHelloVerifyRequest({
      version: DTLS_1_0,
      cookie: this.#cookie(this.#secret, hello, peer),
    });
    const message = buildFragment({
      type: HELLO_VERIFY_REQUEST,
      length: body.length,
      messageSeq: fragment.messageSeq,
      offset: 0,
      body,
    });
    // The record's number is that of the ClientHello: the server counts nothing yet.
    const { epoch, sequence } = record;
    const reply = buildRecord({ type: HANDSHAKE, version: DTLS_1_0, epoch, sequence, fragment: message });
    return { verdict: 'verify', reply };
  }

  #cookie(secret: Uint8Array, hello: ClientHello, peer: Uint8Array): Uint8Array {
    const parameters = buildClientHello({ ...hello, cookie: new Uint8Array(0) });
    return this.#provider.hmac('sha256', secret, peer, parameters).subarray(0, COOKIE_LENGTH);
  }
}
