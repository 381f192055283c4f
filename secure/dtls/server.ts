import type { EphemeralKey, GroupName, PublicKey } from '../crypto/provider.ts';
import { certificateKeyOf, isEcdhe, type CipherSuite } from '../crypto/suites.ts';
import type { DtlsConfig, ResumableSession } from './config.ts';
import { DtlsEndpoint } from './endpoint.ts';
import type { DtlsFailure } from './failure.ts';
import type { DtlsQuestion } from './output.ts';
import { readPeerCertificate } from './peer-certificate.ts';
import { Secrets } from './secrets.ts';
import { acceptedSchemes, chooseGroup, chooseSuite } from './server-choices.ts';
import { readPremaster } from './server-premaster.ts';
import { isDtls, newestOf, versionFor } from './version.ts';
import { Reassembly } from './reassembly.ts';
import { buildCertificateList } from './wire/certificate.ts';
import { buildCertificateRequest, CERTIFICATE_TYPES } from './wire/certificate-request.ts';
import { parseCertificateVerify } from './wire/certificate-verify.ts';
import {
  clientHelloExtensions,
  FALLBACK_SCSV,
  parseClientHello,
  RENEGOTIATION_SCSV,
  type ClientHello,
} from './wire/client-hello.ts';
import { groupNumber, type HelloExtensions } from './wire/extensions.ts';
import {
  CERTIFICATE,
  CERTIFICATE_REQUEST,
  CERTIFICATE_VERIFY,
  CLIENT_HELLO,
  CLIENT_KEY_EXCHANGE,
  FINISHED,
  parseFragments,
  SERVER_HELLO,
  SERVER_HELLO_DONE,
  SERVER_KEY_EXCHANGE,
  type HandshakeMessage,
} from './wire/handshake.ts';
import { DTLS_1_0, DTLS_1_2, HANDSHAKE, parseRecord } from './wire/record.ts';
import { buildServerHello } from './wire/server-hello.ts';
import {
  buildEcdheParameters,
  buildEcdhePskServerKeyExchange,
  buildEcdheServerKeyExchange,
  buildPskHint,
} from './wire/server-key-exchange.ts';
import { chooseScheme, schemeFor, SIGNATURE_ALGORITHMS } from './wire/signature.ts';
import { concat } from './wire/writer.ts';

/**
 * What the server awaits, in the order of the protocol (RFC 6347 figure 1). Flights 1 and 2, the cookie exchange, are not
 * its business: it begins with the ClientHello that has a valid cookie.
 *
 * ```
 * flight 3  ClientHello with cookie        →
 *                                          ←  ServerHello, Certificate*, ServerKeyExchange*,
 *                                             CertificateRequest*, ServerHelloDone       flight 4
 * flight 5  Certificate*, ClientKeyExchange,
 *           CertificateVerify*, [ChangeCipherSpec], Finished →
 *                                          ←  [ChangeCipherSpec], Finished               flight 6
 * ```
 */
type Awaited = 'client-hello' | 'certificate' | 'client-key-exchange' | 'certificate-verify' | 'finished';

/** The server of an association. */
export class DtlsServer extends DtlsEndpoint {
  #awaited: Awaited = 'client-hello';
  #clientRandom: Uint8Array = new Uint8Array(32);
  #serverRandom: Uint8Array = new Uint8Array(32);
  #clientVersion: number = DTLS_1_2;
  #ephemeral: EphemeralKey | null = null;
  #clientKey: PublicKey | null = null;
  #secrets: Secrets | null = null;
  /** The id under which the association can be taken up again; empty for none. */
  #sessionId: Uint8Array = new Uint8Array(0);
  #resumed = false;

  constructor(config: DtlsConfig) {
    super(config);
    this.phase = 'handshaking';
  }

  override wipe(): void {
    super.wipe();
    this.#secrets?.wipe();
    this.#ephemeral?.wipe();
  }

  override handleDatagram(datagram: Uint8Array, now: number): void {
    if (this.#awaited === 'client-hello') this.#beginWith(datagram);
    super.handleDatagram(datagram, now);
  }

  protected override get awaitsChangeCipherSpec(): boolean {
    return this.#awaited === 'finished';
  }

  protected override receive(message: HandshakeMessage): void {
    const before = this.transcript.length;
    if (message.type !== FINISHED) this.transcript.add(message);
    switch (this.#awaited) {
      case 'client-hello':
        if (message.type === CLIENT_HELLO) return this.#onClientHello(message.body);
        break;
      case 'certificate':
        if (message.type === CERTIFICATE) return this.#onCertificate(message.body);
        break;
      case 'client-key-exchange':
        if (message.type === CLIENT_KEY_EXCHANGE) return this.#onClientKeyExchange(message.body);
        break;
      case 'certificate-verify':
        if (message.type === CERTIFICATE_VERIFY) {
          return this.#onCertificateVerify(message.body, this.transcript.bytes(before));
        }
        break;
      case 'finished':
        if (message.type === FINISHED && this.records.readEpoch === 1) return this.#onFinished(message);
        break;
    }
    this.refuse(message);
  }

  /**
   * Takes up the numbers behind a stateless HelloVerifyRequest: messages are counted from the ClientHello's, and records
   * from its record's (RFC 6347 sections 4.2.1 and 4.2.2).
   */
  #beginWith(datagram: Uint8Array): void {
    const record = parseRecord(datagram)?.record;
    if (record?.type !== HANDSHAKE || record.epoch !== 0) return;
    const [fragment] = parseFragments(record.fragment) ?? [];
    if (fragment?.type !== CLIENT_HELLO || this.reassembly.next !== 0) return;
    this.reassembly = new Reassembly(fragment.messageSeq, this.config.maxHandshakeMessage);
    this.numberFrom(fragment.messageSeq);
    this.records.beginAt(record.sequence);
  }

  #onClientHello(body: Uint8Array): void {
    const hello = parseClientHello(body);
    if (hello === null) return this.fail({ kind: 'incorrect-message-length' });
    if (!this.#agreeOnVersion(hello)) return;
    if (!hello.compressionMethods.includes(0)) return this.fail({ kind: 'bad-compression' });
    if ((hello.extensions.renegotiationInfo?.length ?? 0) > 0) return this.fail({ kind: 'handshake-failure' });
    this.#clientVersion = hello.version;
    this.#clientRandom = hello.random.slice();
    this.#serverRandom = this.config.random(32);
    const { quirks } = this.config;
    this.extendedMasterSecret = hello.extensions.extendedMasterSecret === true && quirks?.bareHellos !== true;
    const { connectionId } = hello.extensions;
    // RFC 9146 is for DTLS 1.2.
    const answersId = connectionId !== undefined && quirks?.bareHellos !== true && this.version === DTLS_1_2;
    if (answersId && this.config.connectionId !== undefined) {
      this.ids.offer(this.config.connectionId());
      this.ids.settle(connectionId);
    }
    const question = (): DtlsQuestion => ({ about: 'client-hello', extensions: clientHelloExtensions(body) });
    this.ask(this.config.asks?.hello, question, () => this.#choose(hello));
  }

  #agreeOnVersion({ version: offered, cipherSuites }: ClientHello): boolean {
    if (isDtls(offered) && offered > newestOf(this.versions) && cipherSuites.includes(FALLBACK_SCSV)) {
      // RFC 7507 section 3: the client came down for no reason, and is told so in a record of its own version.
      this.records.version = offered;
      this.fail({ kind: 'inappropriate-fallback' });
      return false;
    }
    const version = versionFor(this.versions, offered);
    if (version === null) this.fail({ kind: offered === DTLS_1_0 ? 'unsupported-version' : 'unknown-version' });
    else this.speak(version);
    return version !== null;
  }

  #choose(hello: ClientHello): void {
    const earlier = this.#resumable(hello);
    if (earlier !== null) return this.#resume(hello, ...earlier);
    const group = chooseGroup(this.config, hello);
    const suite = chooseSuite(this.config, hello, this.version, group);
    if (suite === null) return this.fail({ kind: 'no-common-suite' });
    if (this.config.recognises?.(suite) === false) return this.fail({ kind: 'unknown-suite' });
    this.agreed = suite;
    if (this.config.resumption !== undefined) this.#sessionId = this.config.random(32);
    this.#sendHello(hello, suite);
    if (!this.#sendCredentials(hello, suite, group)) return;
    const asks = this.config.requestClientCertificate === true && certificateKeyOf(suite) !== null;
    if (asks) {
      const signatureAlgorithms = this.version === DTLS_1_2 ? SIGNATURE_ALGORITHMS : null;
      const types = [CERTIFICATE_TYPES.rsa, CERTIFICATE_TYPES.ec];
      this.queue(CERTIFICATE_REQUEST, buildCertificateRequest({ types, signatureAlgorithms }));
    }
    this.queue(SERVER_HELLO_DONE, new Uint8Array(0));
    this.#awaited = asks ? 'certificate' : 'client-key-exchange';
    this.sendFlight(4, true);
  }

  /** The earlier association that a client asks for, if all of it still fits. */
  #resumable(hello: ClientHello): readonly [ResumableSession, CipherSuite] | null {
    const { resumption, suites } = this.config;
    if (resumption === undefined || hello.sessionId.length === 0) return null;
    const session = resumption.find(hello.sessionId);
    const suite = suites.find(({ id }) => id === session?.suite && hello.cipherSuites.includes(id));
    if (session?.version !== this.version || suite === undefined) return null;
    // RFC 7627 section 5.3: with and without the session hash do not mix.
    return session.extended === this.extendedMasterSecret ? [session, suite] : null;
  }

  /** The abbreviated handshake: ServerHello and Finished at once, and the client's Finished ends it. */
  #resume(hello: ClientHello, session: ResumableSession, suite: CipherSuite): void {
    this.agreed = suite;
    this.#sessionId = session.id;
    this.#resumed = true;
    this.#sendHello(hello, suite);
    const { master, version } = session;
    const parts = { suite, version, master, clientRandom: this.#clientRandom, serverRandom: this.#serverRandom };
    const secrets = new Secrets(this.config, parts);
    this.#secrets = secrets;
    this.queueChangeCipherSpec(secrets.server);
    this.queue(FINISHED, secrets.finished('server', this.transcript.bytes()));
    this.readWith(secrets.client);
    this.#awaited = 'finished';
    this.sendFlight(4, true);
  }

  #sendHello(hello: ClientHello, suite: CipherSuite): void {
    const knowsRenegotiation =
      hello.cipherSuites.includes(RENEGOTIATION_SCSV) || hello.extensions.renegotiationInfo !== undefined;
    const connectionId = this.ids.offered;
    const extensions: HelloExtensions = {
      ...(knowsRenegotiation ? { renegotiationInfo: new Uint8Array(0) } : {}),
      ...(isEcdhe(suite) && hello.extensions.uncompressedPoints !== undefined ? { uncompressedPoints: true } : {}),
      ...(this.extendedMasterSecret ? { extendedMasterSecret: true } : {}),
      ...(connectionId === undefined ? {} : { connectionId }),
    };
    const message = buildServerHello({
      version: this.version,
      random: this.#serverRandom,
      sessionId: this.#sessionId,
      cipherSuite: suite.id,
      compressionMethod: 0,
      extensions: this.config.quirks?.bareHellos === true ? {} : extensions,
    });
    this.queue(SERVER_HELLO, message);
  }

  /** Certificate and ServerKeyExchange, as the suite has them. */
  #sendCredentials(hello: ClientHello, suite: CipherSuite, group: GroupName | null): boolean {
    const { identity, provider, random, pskHint } = this.config;
    if (suite.keyExchange === 'psk') {
      if (pskHint !== undefined) this.queue(SERVER_KEY_EXCHANGE, buildPskHint(pskHint));
      return true;
    }
    if (suite.keyExchange === 'ecdhe_psk' && group !== null) {
      this.#ephemeral = provider.ephemeralKey(group, random);
      const parts = { hint: pskHint ?? new Uint8Array(0), group: groupNumber(group), point: this.#ephemeral.publicKey };
      this.queue(SERVER_KEY_EXCHANGE, buildEcdhePskServerKeyExchange(parts));
      return true;
    }
    if (identity === undefined) return true;
    this.queue(CERTIFICATE, buildCertificateList(identity.certificates));
    if (suite.keyExchange === 'rsa' || group === null) return true;
    const chosen = chooseScheme(acceptedSchemes(hello, this.version), identity.privateKey);
    if (chosen === null) {
      this.fail({ kind: 'no-common-suite' });
      return false;
    }
    this.#ephemeral = provider.ephemeralKey(group, random);
    const point = this.#ephemeral.publicKey;
    const parameters = buildEcdheParameters(groupNumber(group), point);
    const signed = concat(this.#clientRandom, this.#serverRandom, parameters);
    const { algorithm, scheme } = chosen;
    const signature = provider.sign(scheme, identity.privateKey, signed);
    const message = buildEcdheServerKeyExchange({ group: groupNumber(group), point, algorithm, signature });
    this.queue(SERVER_KEY_EXCHANGE, message);
    return true;
  }

  #onCertificate(body: Uint8Array): void {
    const result = readPeerCertificate(this.config, body);
    if (!result.ok) return this.fail(result.failure);
    const { der, publicKey } = result.certificate;
    this.ask(
      this.config.asks?.certificate,
      () => ({ about: 'certificate', der }),
      () => {
        this.#clientKey = publicKey;
        this.#awaited = 'client-key-exchange';
      },
    );
  }

  #onClientKeyExchange(body: Uint8Array): void {
    const { agreed } = this;
    if (agreed === null) return;
    const exchange = { suite: agreed, clientVersion: this.#clientVersion, ephemeral: this.#ephemeral };
    const result = readPremaster(this.config, exchange, body);
    if (!result.ok) return this.fail(result.failure);
    const { premaster } = result;
    this.#ephemeral = null;
    const secrets = new Secrets(this.config, {
      suite: agreed,
      version: this.version,
      premaster,
      clientRandom: this.#clientRandom,
      serverRandom: this.#serverRandom,
      extended: this.extendedMasterSecret,
      transcript: this.transcript.bytes(),
    });
    this.#secrets = secrets;
    this.readWith(secrets.client);
    this.#awaited = this.#clientKey === null ? 'finished' : 'certificate-verify';
  }

  #onCertificateVerify(body: Uint8Array, signed: Uint8Array): void {
    const message = parseCertificateVerify(body, this.version);
    if (message === null) return this.fail({ kind: 'incorrect-message-length' });
    const key = this.#clientKey;
    const scheme = key === null ? null : schemeFor(message.algorithm, key);
    if (scheme === null || key === null) return this.fail({ kind: 'signature' });
    const genuine = this.config.provider.verify(scheme, key, signed, message.signature);
    if (!genuine) return this.fail({ kind: 'signature' });
    this.#awaited = 'finished';
  }

  #onFinished(message: HandshakeMessage): void {
    const { agreed } = this;
    const secrets = this.#secrets;
    if (agreed === null || secrets === null) return;
    const failure = secrets.checkFinished('client', this.transcript.bytes(), message.body);
    if (failure !== null) return this.fail(failure);
    if (!this.#resumed) {
      this.transcript.add(message);
      this.queueChangeCipherSpec(secrets.server);
      this.queue(FINISHED, secrets.finished('server', this.transcript.bytes()));
      this.sendFlight(6, false);
      this.#remember(agreed, secrets);
    }
    this.connected(agreed);
  }

  /** Keeps a new association for its client to take up again. */
  #remember(suite: CipherSuite, secrets: Secrets): void {
    if (this.#sessionId.length === 0 || this.phase === 'failed') return;
    const { master } = secrets;
    const { version, extendedMasterSecret: extended } = this;
    const session = { id: this.#sessionId, version, suite: suite.id, master, extended };
    this.config.resumption?.store(session);
  }

  protected override fail(failure: DtlsFailure): void {
    // RFC 5246 section 7.2.2: a session that failed must not be resumed.
    if (this.#sessionId.length > 0) this.config.resumption?.forget(this.#sessionId);
    super.fail(failure);
  }
}
