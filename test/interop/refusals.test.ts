import { describe, it } from 'node:test';
import { nx_crypto_tls_ciphers_all, nx_crypto_tls_ciphers_select } from 'txsim/nx_secure_tls_api';
import { gnutlsClient, gnutlsServer } from '../support/gnutls-peer.ts';
import { freePorts, onStage } from '../support/interop-stage.ts';
import { echoLine, sClient, sServer } from '../support/openssl-peer.ts';
import { peerClient, type ClientSetup } from '../support/peer-client.ts';
import { credentialsFor, EC_ROOT, RSA_ROOT, sharedKey } from '../support/peer-credentials.ts';
import { peerServer } from '../support/peer-server.ts';
import { peerSuite, type PeerSuite } from '../support/peer-suites.ts';
import { hasProgram, type Running } from '../support/process.ts';

const EC = peerSuite('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256');
const PSK = peerSuite('TLS_PSK_WITH_AES_128_GCM_SHA256');
const WRONG_KEY = 'ff'.repeat(16);
const OTHER_CA = 'apps/dtls-echo/credentials/ca-rsa.pem';
/** Seconds after which a handshake is given up: a Finished under another key cannot be read, and so is never answered. */
const PATIENCE = 2;

/** A program as client and server, and how it is told the wrong things. */
interface Peer {
  readonly client: string;
  readonly server: string;
  readonly clientArguments: typeof sClient;
  readonly serverArguments: typeof sServer;
  readonly works: (client: Running) => Promise<void>;
  readonly wrongKey: readonly string[];
  readonly wrongIdentity: readonly string[];
  readonly wrongRoot: readonly string[];
  /** What a client says about a server that does not know its identity. */
  readonly unknownIdentity: RegExp;
  /** How a device learns that a server has no suite in common with it: gnutls-serv says nothing. */
  readonly noCommonSuite: string;
  /** Options of a server that asks for no certificate. */
  readonly plain: readonly string[];
}

const OPENSSL: Peer = {
  client: 'openssl',
  server: 'openssl',
  clientArguments: sClient,
  serverArguments: sServer,
  works: echoLine,
  wrongKey: ['-psk', WRONG_KEY],
  wrongIdentity: ['-psk_identity', 'nobody'],
  wrongRoot: ['-CAfile', OTHER_CA],
  unknownIdentity: /alert unknown psk identity/,
  noCommonSuite: 'NX_SECURE_TLS_ALERT_RECEIVED (0x114)',
  plain: [],
};

const GNUTLS: Peer = {
  client: 'gnutls-cli',
  server: 'gnutls-serv',
  clientArguments: gnutlsClient,
  serverArguments: gnutlsServer,
  works: (client) => client.until('Simple Client Mode'),
  wrongKey: [`--pskkey=${WRONG_KEY}`],
  wrongIdentity: ['--pskusername=nobody'],
  wrongRoot: [`--x509cafile=${OTHER_CA}`],
  unknownIdentity: /unknown user name\/PSK identity|not known|unknown PSK identity/i,
  noCommonSuite: 'NX_NOT_CONNECTED (0x38)',
  plain: ['--disable-client-cert'],
};

interface ServerCase {
  readonly name: string;
  readonly suite: PeerSuite;
  readonly options: (peer: Peer) => readonly string[];
  /** What the device prints. */
  readonly status: string;
  /** What the program prints, where it is told why. */
  readonly says?: (peer: Peer) => RegExp;
}

const AT_THE_SERVER: readonly ServerCase[] = [
  {
    name: 'a wrong key',
    suite: PSK,
    options: (peer) => peer.wrongKey,
    status: 'NX_SECURE_TLS_HASH_MAC_VERIFY_FAILURE (0x108)',
  },
  {
    name: 'an unknown identity',
    suite: PSK,
    options: (peer) => peer.wrongIdentity,
    status: 'NX_SECURE_TLS_NO_MATCHING_PSK (0x126)',
    says: (peer) => peer.unknownIdentity,
  },
  {
    name: 'a client with another root',
    suite: EC,
    options: (peer) => peer.wrongRoot,
    status: 'NX_SECURE_TLS_ALERT_RECEIVED (0x114)',
  },
];

interface ClientCase {
  readonly name: string;
  readonly suite: PeerSuite;
  readonly setup: ClientSetup;
  /** What the device prints. */
  readonly status: (peer: Peer) => string;
  readonly says?: RegExp;
}

const AT_THE_CLIENT: readonly ClientCase[] = [
  {
    name: 'a wrong key',
    suite: PSK,
    setup: { psk: sharedKey(WRONG_KEY) },
    status: () => 'NX_NOT_CONNECTED (0x38)',
  },
  {
    name: 'a server from another root',
    suite: EC,
    setup: { trusted: RSA_ROOT },
    status: () => 'NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND (0x11B)',
    says: /alert unknown ca|A TLS fatal alert has been received/,
  },
  {
    name: 'a server without a common suite',
    suite: EC,
    setup: { trusted: EC_ROOT, table: nx_crypto_tls_ciphers_select(nx_crypto_tls_ciphers_all, 0xc02f) },
    status: (peer) => peer.noCommonSuite,
    says: /no shared cipher|No supported cipher suites/,
  },
];

for (const peer of [OPENSSL, GNUTLS]) {
  const skip = hasProgram(peer.client) && hasProgram(peer.server) ? false : `${peer.client} is not installed`;
  describe(`refusals and ${peer.client}`, { skip, concurrency: 4 }, () => {
    for (const { name, suite, options, status, says } of AT_THE_SERVER) {
      it(
        `the device as a server refuses or is refused: ${name}; and lives on`,
        onStage(async (stage) => {
          const port = freePorts();
          const setup = { ...credentialsFor('server', suite.auth), patience: PATIENCE };
          const device = await stage.server(port, peerServer(setup));
          const refused = stage.run(peer.client, peer.clientArguments(port, suite, options(peer)));
          await device.until(`refused: ${status}`);
          if (says !== undefined) await refused.until(says(peer));
          await refused.kill();
          await peer.works(stage.run(peer.client, peer.clientArguments(port, suite)));
          await device.until('connected');
        }),
      );
    }
    for (const { name, suite, setup, status, says } of AT_THE_CLIENT) {
      it(
        `the device as a client: ${name}`,
        onStage(async (stage) => {
          const port = freePorts();
          const server = await stage.serve(port, peer.server, peer.serverArguments(port, suite, peer.plain));
          const device = await stage.client(port, peerClient({ ...setup, patience: PATIENCE }));
          await device.until(`refused: ${status(peer)}`);
          if (says !== undefined) await server.until(says);
        }),
      );
    }
  });
}
