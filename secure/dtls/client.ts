import { sameBytes } from '../bytes.ts';
import type { PublicKey } from '../crypto/provider.ts';
import { certificateKeyOf, suiteById, type CipherSuite } from '../crypto/suites.ts';
import type { ResumableSession } from './config.ts';
import { agreeKeys, makePremaster, type KeyAgreement } from './client-premaster.ts';
import { DtlsEndpoint } from './endpoint.ts';
import type { DtlsFailure } from './failure.ts';
import type { DtlsQuestion } from './output.ts';
import { readPeerCertificate } from './peer-certificate.ts';
import { Secrets } from './secrets.ts';
import { isVersion, suits } from './version.ts';
import { buildCertificateList } from './wire/certificate.ts';
import { CERTIFICATE_TYPES, parseCertificateRequest, type CertificateRequest } from './wire/certificate-request.ts';
import { buildCertificateVerify } from './wire/certificate-verify.ts';
import { buildClientHello, RENEGOTIATION_SCSV, type ClientHello } from './wire/client-hello.ts';
import { groupNumber, type HelloExtensions } from './wire/extensions.ts';
import {
  CERTIFICATE,
  CERTIFICATE_REQUEST,
  CERTIFICATE_VERIFY,
  CLIENT_HELLO,
  CLIENT_KEY_EXCHANGE,
  FINISHED,
  HELLO_VERIFY_REQUEST,
  SERVER_HELLO,
  SERVER_HELLO_DONE,
  SERVER_KEY_EXCHANGE,
  type HandshakeMessage,
} from './wire/handshake.ts';
import { parseHelloVerifyRequest } from './wire/hello-verify-request.ts';
import { DTLS_1_2 } from './wire/record.ts';
import { parseServerHello, serverHelloExtensions, type ServerHello } from './wire/server-hello.ts';
import {
  buildEcdheParameters,
  parseEcdhePskServerKeyExchange,
  parseEcdheServerKeyExchange,
  parsePskHint,
} from './wire/server-key-exchange.ts';
import { chooseScheme, schemeFor, SIGNATURE_ALGORITHMS, type ChosenScheme } from './wire/signature.ts';
import { concat } from './wire/writer.ts';

/**
 * What the client awaits, in the order of the protocol (RFC 6347 figure 1):
 *
 * ```
 * flight 1  ClientHello                    →
 *                                          ←  HelloVerifyRequest                        flight 2
 * flight 3  ClientHello with cookie        →
 *                                          ←  ServerHello, Certificate*, ServerKeyExchange*,
 *                                             CertificateRequest*, ServerHelloDone       flight 4
 * flight 5  Certificate*, ClientKeyExchange,
 *           CertificateVerify*, [ChangeCipherSpec], Finished →
 *                                          ←  [ChangeCipherSpec], Finished               flight 6
 * ```
 */
type Awaited = 'server-hello' | 'certificate' | 'server-key-exchange' | 'server-hello-done' | 'finished';

/** The client of an association. */
export class DtlsClient extends DtlsEndpoint {
  #awaited: Awaited = 'server-hello';
  #random: Uint8Array = new Uint8Array(32);
  #serverRandom: Uint8Array = new Uint8Array(32);
  #hello: ClientHello | null = null;
  #verified = false;
  #peerKey: PublicKey | null = null;
  #pskHint: Uint8Array = new Uint8Array(0);
  #exchange: KeyAgreement | null = null;
  #request: CertificateRequest | null = null;
  #secrets: Secrets | null = null;
  /** The earlier association that the server is asked to take up again. */
  #offered: ResumableSession | null = null;
  /** The server's id for this association; empty for none. */
  #sessionId: Uint8Array = new Uint8Array(0);
  #resumed = false;

  /** Sends the first ClientHello. */
  start(now: number): void {
    this.at(now);
    this.phase = 'handshaking';
    this.#random = this.config.random(32);
    const earlier = this.config.resumption?.find(new Uint8Array(0)) ?? null;
    this.#offered = earlier !== null && this.versions.includes(earlier.version) ? earlier : null;
    const { connectionId, quirks } = this.config;
    // RFC 9146 is for DTLS 1.2.
    const offersId = connectionId !== undefined && quirks?.bareHellos !== true && this.version === DTLS_1_2;
    if (offersId) this.ids.offer(connectionId());
    this.#sendHello(new Uint8Array(0), 1);
  }

  override wipe(): void {
    super.wipe();
    this.#secrets?.wipe();
    this.#exchange?.premaster.fill(0);
  }

  protected override get awaitsChangeCipherSpec(): boolean {
    return this.#awaited === 'finished';
  }

  protected override receive(message: HandshakeMessage): void {
    if (this.#awaited === 'server-hello' && message.type === HELLO_VERIFY_REQUEST) {
      this.#onHelloVerifyRequest(message);
      return;
    }
    if (message.type !== FINISHED) this.transcript.add(message);
    switch (this.#awaited) {
      case 'server-hello':
        if (message.type === SERVER_HELLO) return this.#onServerHello(message.body);
        break;
      case 'certificate':
        if (message.type === CERTIFICATE) return this.#onCertificate(message.body);
        break;
      case 'server-key-exchange':
        if (message.type === SERVER_KEY_EXCHANGE) return this.#onServerKeyExchange(message.body);
        // A server with a pre-shared key and no hint sends none (RFC 4279 section 2).
        if (this.agreed?.keyExchange === 'psk') return this.#onAfterKeyExchange(message);
        break;
      case 'server-hello-done':
        return this.#onAfterKeyExchange(message);
      case 'finished':
        if (message.type === FINISHED && this.records.readEpoch === 1) return this.#onFinished(message);
        break;
    }
    this.refuse(message);
  }

  #sendHello(cookie: Uint8Array, flight: number): void {
    const { suites, groups, serverName, quirks } = this.config;
    const offered = suites.filter((suite) => suits(suite, this.version));
    const connectionId = this.ids.offered;
    const ofLibrary: HelloExtensions = { groups: groups.map(groupNumber), uncompressedPoints: true };
    const extensions: HelloExtensions = {
      ...(serverName === undefined ? {} : { serverName }),
      ...ofLibrary,
      // RFC 5246 section 7.4.1.4.1: not for those who speak nothing newer than 1.0.
      ...(this.version === DTLS_1_2 ? { signatureAlgorithms: SIGNATURE_ALGORITHMS } : {}),
      extendedMasterSecret: true,
      ...(connectionId === undefined ? {} : { connectionId }),
    };
    this.#hello = {
      version: this.version,
      random: this.#random,
      sessionId: this.#offered?.id ?? new Uint8Array(0),
      cookie,
      cipherSuites: [...offered.map((suite) => suite.id), RENEGOTIATION_SCSV],
      compressionMethods: Uint8Array.of(0),
      extensions: quirks?.bareHellos === true ? ofLibrary : extensions,
    };
    this.queue(CLIENT_HELLO, buildClientHello(this.#hello));
    this.sendFlight(flight, true);
  }

  #onHelloVerifyRequest(message: HandshakeMessage): void {
    const request = parseHelloVerifyRequest(message.body);
    if (request === null) return this.fail({ kind: 'incorrect-message-length' });
    // A second one means that the server did not accept its own cookie.
    if (this.#verified) return this.fail({ kind: 'unexpected-message' });
    this.#verified = true;
    // The first ClientHello and the request are not part of the transcript (RFC 6347 section 4.2.1).
    this.transcript.clear();
    this.#sendHello(request.cookie, 3);
  }

  #onServerHello(body: Uint8Array): void {
    const hello = parseServerHello(body);
    if (hello === null) return this.fail({ kind: 'incorrect-message-length' });
    const { version } = hello;
    if (!isVersion(version)) return this.fail({ kind: 'unknown-version' });
    if (!this.versions.includes(version)) return this.fail({ kind: 'unsupported-version' });
    this.speak(version);
    const suite = this.config.suites.find((offered) => offered.id === hello.cipherSuite);
    if (suite === undefined) {
      // One that was not offered, or none that this stack knows: TLS_NULL_WITH_NULL_NULL is no suite at all.
      const known = suiteById(hello.cipherSuite) !== null;
      return this.fail({ kind: known ? 'unsupported-cipher' : 'no-common-suite' });
    }
    if (!suits(suite, version) || this.config.recognises?.(suite) === false)
      return this.fail({ kind: 'unsupported-cipher' });
    if (hello.compressionMethod !== 0) return this.fail({ kind: 'bad-compression' });
    const { renegotiationInfo, uncompressedPoints, extendedMasterSecret, connectionId } = hello.extensions;
    if ((renegotiationInfo?.length ?? 0) > 0 || uncompressedPoints === false) {
      return this.fail({ kind: 'handshake-failure' });
    }
    // RFC 5246 section 7.4.1.4: a server answers no extension that was not there; and RFC 9146 is for DTLS 1.2.
    const unasked = this.ids.offered === undefined || version !== DTLS_1_2;
    if (connectionId !== undefined && unasked) return this.fail({ kind: 'handshake-failure' });
    this.ids.settle(connectionId);
    this.agreed = suite;
    this.#serverRandom = hello.random.slice();
    this.extendedMasterSecret = extendedMasterSecret === true;
    this.#sessionId = hello.sessionId.slice();
    const question = (): DtlsQuestion => ({ about: 'server-hello', extensions: serverHelloExtensions(body) });
    this.ask(this.config.asks?.hello, question, () => this.#goOn(hello, suite));
  }

  #goOn(hello: ServerHello, suite: CipherSuite): void {
    const earlier = this.#offered;
    if (earlier !== null && sameBytes(earlier.id, hello.sessionId)) return this.#resume(earlier, suite);
    if (certificateKeyOf(suite) !== null) this.#awaited = 'certificate';
    else this.#awaited = 'server-key-exchange';
  }

  /** The server takes the earlier association up again: its Finished comes next. */
  #resume(earlier: ResumableSession, suite: CipherSuite): void {
    // RFC 5246 section 7.4.1.3 and RFC 7627 section 5.3: the version, the suite and the kind of master secret are the earlier ones.
    if (earlier.version !== this.version) return this.fail({ kind: 'protocol-version-changed' });
    if (earlier.suite !== suite.id) return this.fail({ kind: 'unsupported-cipher' });
    if (earlier.extended !== this.extendedMasterSecret) return this.fail({ kind: 'handshake-failure' });
    this.#resumed = true;
    const { master, version } = earlier;
    const parts = { suite, version, master, clientRandom: this.#random, serverRandom: this.#serverRandom };
    this.#secrets = new Secrets(this.config, parts);
    this.readWith(this.#secrets.server);
    this.#awaited = 'finished';
  }

  #onCertificate(body: Uint8Array): void {
    const result = readPeerCertificate(this.config, body);
    if (!result.ok) return this.fail(result.failure);
    const { der, publicKey } = result.certificate;
    const { agreed } = this;
    if (agreed === null || publicKey.type !== certificateKeyOf(agreed)) {
      return this.fail({ kind: 'unsupported-public-key' });
    }
    this.ask(
      this.config.asks?.certificate,
      () => ({ about: 'certificate', der }),
      () => {
        this.#peerKey = publicKey;
        this.#awaited = agreed.keyExchange === 'rsa' ? 'server-hello-done' : 'server-key-exchange';
      },
    );
  }

  #onServerKeyExchange(body: Uint8Array): void {
    this.#awaited = 'server-hello-done';
    if (this.agreed?.keyExchange === 'psk') {
      const hint = parsePskHint(body);
      if (hint === null) return this.fail({ kind: 'incorrect-message-length' });
      this.#pskHint = hint.slice();
      return;
    }
    if (this.agreed?.keyExchange === 'ecdhe_psk') {
      const unsigned = parseEcdhePskServerKeyExchange(body);
      if (unsigned === null) return this.fail({ kind: 'incorrect-message-length' });
      this.#pskHint = unsigned.hint.slice();
      return this.#agree(unsigned.group, unsigned.point);
    }
    const message = parseEcdheServerKeyExchange(body, this.version);
    if (message === null) return this.fail({ kind: 'incorrect-message-length' });
    const key = this.#peerKey;
    const scheme = key === null ? null : schemeFor(message.algorithm, key);
    if (scheme === null || key === null) return this.fail({ kind: 'signature' });
    const parameters = buildEcdheParameters(message.group, message.point);
    const signed = concat(this.#random, this.#serverRandom, parameters);
    const { provider } = this.config;
    if (!provider.verify(scheme, key, signed, message.signature)) return this.fail({ kind: 'signature' });
    this.#agree(message.group, message.point);
  }

  /** Makes the client's ephemeral key, and what it and the server's come to. */
  #agree(groupId: number, point: Uint8Array): void {
    const agreement = agreeKeys(this.config, groupId, point);
    if (agreement === null) return this.fail({ kind: 'handshake-failure' });
    this.#exchange = agreement;
  }

  #onAfterKeyExchange(message: HandshakeMessage): void {
    this.#awaited = 'server-hello-done';
    if (message.type === CERTIFICATE_REQUEST && this.#request === null && this.#peerKey !== null) {
      this.#request = parseCertificateRequest(message.body, this.version);
      if (this.#request === null) this.fail({ kind: 'incorrect-message-length' });
      return;
    }
    if (message.type !== SERVER_HELLO_DONE) return this.refuse(message);
    if (message.body.length > 0) return this.fail({ kind: 'incorrect-message-length' });
    const { agreed } = this;
    if (agreed !== null) this.#answer(agreed);
  }

  /** Sends flight 5. */
  #answer(suite: CipherSuite): void {
    const result = makePremaster(this.config, {
      suite,
      offeredVersion: this.#hello?.version ?? null,
      serverKey: this.#peerKey,
      agreement: this.#exchange,
      pskHint: this.#pskHint,
    });
    if (!result.ok) return this.fail(result.failure);
    const { exchange } = result;
    const scheme = this.#sendCertificate();
    this.queue(CLIENT_KEY_EXCHANGE, exchange.message);
    const secrets = new Secrets(this.config, {
      suite,
      version: this.version,
      premaster: exchange.premaster,
      clientRandom: this.#random,
      serverRandom: this.#serverRandom,
      extended: this.extendedMasterSecret,
      transcript: this.transcript.bytes(),
    });
    this.#secrets = secrets;
    if (scheme !== null) this.#sendCertificateVerify(scheme);
    this.queueChangeCipherSpec(secrets.client);
    this.readWith(secrets.server);
    this.queue(FINISHED, secrets.finished('client', this.transcript.bytes()));
    this.#awaited = 'finished';
    this.sendFlight(5, true);
  }

  /** Answers a CertificateRequest; gives the signature scheme to prove the key with, if there is one to show. */
  #sendCertificate(): ChosenScheme | null {
    const request = this.#request;
    if (request === null) return null;
    const { identity } = this.config;
    const { types, signatureAlgorithms } = request;
    // Where there is no list of algorithms, the kinds of certificates say which keys the server takes.
    const type = identity === undefined ? null : CERTIFICATE_TYPES[identity.privateKey.type];
    const fits = type !== null && (signatureAlgorithms !== null || types.includes(type));
    const scheme = fits && identity !== undefined ? chooseScheme(signatureAlgorithms, identity.privateKey) : null;
    const shown = scheme === null || identity === undefined ? [] : identity.certificates;
    this.queue(CERTIFICATE, buildCertificateList(shown));
    return scheme;
  }

  #sendCertificateVerify({ algorithm, scheme }: ChosenScheme): void {
    const { identity, provider } = this.config;
    if (identity === undefined) return;
    const signature = provider.sign(scheme, identity.privateKey, this.transcript.bytes());
    this.queue(CERTIFICATE_VERIFY, buildCertificateVerify({ algorithm, signature }));
  }

  #onFinished(message: HandshakeMessage): void {
    const { agreed } = this;
    const secrets = this.#secrets;
    if (agreed === null || secrets === null) return;
    const failure = secrets.checkFinished('server', this.transcript.bytes(), message.body);
    if (failure !== null) return this.fail(failure);
    if (this.#resumed) {
      this.transcript.add(message);
      this.queueChangeCipherSpec(secrets.client);
      this.queue(FINISHED, secrets.finished('client', this.transcript.bytes()));
      this.sendFlight(5, false);
    } else if (this.#sessionId.length > 0) {
      const { master } = secrets;
      const { version, extendedMasterSecret: extended } = this;
      const session = { id: this.#sessionId, version, suite: agreed.id, master, extended };
      this.config.resumption?.store(session);
    }
    this.connected(agreed);
  }

  protected override fail(failure: DtlsFailure): void {
    // RFC 5246 section 7.2.2: a session that failed must not be resumed.
    if (this.#offered !== null) this.config.resumption?.forget(this.#offered.id);
    super.fail(failure);
  }
}
