import { describe, it } from 'node:test';
import { nx_crypto_tls_ciphers_all, nx_crypto_tls_ciphers_select } from 'txsim/nx_secure_tls_api';
import { buildCoap, coapServer, parseCoap } from '../support/coap-firmware.ts';
import { freePorts, onStage } from '../support/interop-stage.ts';
import { peerClient, type ClientSetup } from '../support/peer-client.ts';
import {
  ascii,
  CREDENTIALS,
  credentialsFor,
  EC_CLIENT,
  EC_ROOT,
  EC_SERVER,
  PSK_HEX,
  PSK_IDENTITY,
  sharedKey,
  type Credentials,
} from '../support/peer-credentials.ts';
import { hasProgram } from '../support/process.ts';

/** libcoap takes keys as text. */
const psk = sharedKey(Buffer.from(PSK_HEX).toString('hex'));
/** coap-server-gnutls without a certificate chooses suites that need one all the same, and then gives up. */
const table = nx_crypto_tls_ciphers_select(nx_crypto_tls_ciphers_all, 0xc0a8, 0xc0a4);
const EC_CA = `${CREDENTIALS}/ca-ecdsa.pem`;
const pem = (name: string): readonly string[] => [
  '-c',
  `${CREDENTIALS}/${name}.pem`,
  '-j',
  `${CREDENTIALS}/${name}.key.pem`,
];

interface Way {
  readonly name: string;
  readonly client: { readonly options: readonly string[]; readonly device: Credentials };
  readonly server: { readonly options: readonly string[]; readonly device: ClientSetup };
}

const WAYS: readonly Way[] = [
  {
    name: 'with a pre-shared key',
    client: { options: ['-u', PSK_IDENTITY, '-k', PSK_HEX], device: { psk } },
    server: { options: ['-h', 'txsim', '-k', PSK_HEX], device: { psk, table } },
  },
  {
    name: 'with certificates on both sides',
    client: { options: [...pem('client-ecdsa'), '-R', EC_CA], device: { identity: EC_SERVER, trusted: EC_ROOT } },
    server: { options: [...pem('server-ecdsa'), '-R', EC_CA], device: { identity: EC_CLIENT, trusted: EC_ROOT } },
  },
  {
    name: "with the server's certificate only",
    client: { options: ['-R', EC_CA], device: credentialsFor('server', 'ecdsa') },
    server: { options: [...pem('server-ecdsa'), '-n'], device: credentialsFor('client', 'ecdsa') },
  },
];

const request = buildCoap({
  type: 'con',
  code: '0.01',
  id: 0x1234,
  token: ascii('tk'),
  path: ['time'],
  payload: new Uint8Array(0),
});
const show = (bytes: Uint8Array): string => {
  const answer = parseCoap(bytes);
  if (answer === null) return 'no CoAP';
  const { type, code, id, token, payload } = answer;
  return [type, code, id.toString(16), Buffer.from(token).toString(), Buffer.from(payload).toString()].join(' ');
};

for (const flavour of ['openssl', 'gnutls']) {
  const [client, server] = [`coap-client-${flavour}`, `coap-server-${flavour}`];
  const skip = hasProgram(client) && hasProgram(server) ? false : `${client} and ${server} are not installed`;
  describe(`libcoap with ${flavour}`, { skip, concurrency: 2 }, () => {
    for (const way of WAYS) {
      it(
        `${client} against the device, ${way.name}`,
        onStage(async (stage) => {
          const port = freePorts();
          const device = await stage.server(port, coapServer(way.client.device));
          const uri = `coaps://127.0.0.1:${port}/lamp/power`;
          const peer = stage.run(client, ['-m', 'get', '-B', '15', '-w', ...way.client.options, uri]);
          await peer.until('you asked for lamp/power');
          await device.until('session over');
        }),
      );
      it(
        `the device against ${server}, ${way.name}`,
        onStage(async (stage) => {
          const port = freePorts(2);
          const options = ['-A', '127.0.0.1', '-p', String(port), ...way.server.options];
          await stage.serve(port + 1, server, options);
          const device = await stage.client(port + 1, peerClient({ ...way.server.device, request, show }));
          await device.until("received 'ack 2.05 1234 tk ");
          await device.until('closed');
        }),
      );
    }
  });
}
