import { alertName, parseAlert } from '../../../secure/dtls/wire/alert.ts';
import { parseCertificateList } from '../../../secure/dtls/wire/certificate.ts';
import { parseClientHello } from '../../../secure/dtls/wire/client-hello.ts';
import type { HelloExtensions } from '../../../secure/dtls/wire/extensions.ts';
import { groupOf } from '../../../secure/dtls/wire/extensions.ts';
import {
  CERTIFICATE,
  CLIENT_HELLO,
  handshakeName,
  HELLO_VERIFY_REQUEST,
  parseFragments,
  SERVER_HELLO,
  SERVER_KEY_EXCHANGE,
  type HandshakeFragment,
} from '../../../secure/dtls/wire/handshake.ts';
import { parseHelloVerifyRequest } from '../../../secure/dtls/wire/hello-verify-request.ts';
import {
  ALERT,
  APPLICATION_DATA,
  CHANGE_CIPHER_SPEC,
  DTLS_1_0,
  DTLS_1_2,
  HANDSHAKE,
  parseRecord,
  TLS12_CID,
  type DtlsRecord,
} from '../../../secure/dtls/wire/record.ts';
import { parseServerHello } from '../../../secure/dtls/wire/server-hello.ts';
import { parseEcdheServerKeyExchange } from '../../../secure/dtls/wire/server-key-exchange.ts';
import { suiteName } from './suite-names.ts';
import { hex, type Layer } from './layer.ts';

type Fields = (readonly [name: string, value: string])[];

const VERSIONS: Readonly<Record<number, string>> = { [DTLS_1_2]: 'DTLS 1.2', [DTLS_1_0]: 'DTLS 1.0' };

const RECORDS: Readonly<Record<number, string>> = {
  [CHANGE_CIPHER_SPEC]: 'ChangeCipherSpec',
  [ALERT]: 'Alert',
  [HANDSHAKE]: 'Handshake',
  [APPLICATION_DATA]: 'Application data',
};

const versionName = (version: number): string => VERSIONS[version] ?? `0x${version.toString(16)}`;

/** The DTLS records of a datagram, with what is in them as far as it is not encrypted. */
export function decodeDtls(frame: Uint8Array, from: number, to: number): readonly Layer[] {
  const layers: Layer[] = [];
  let at = from;
  while (at < to) {
    const parsed = frame[at] === TLS12_CID ? null : parseRecord(frame.subarray(at, to));
    if (parsed === null || parsed.record.version >>> 8 !== 0xfe) break;
    const end = to - parsed.rest.length;
    layers.push(...decodeRecord(parsed.record, at, end));
    at = end;
  }
  if (layers.length === 0 && to > from) {
    layers.push({ name: 'Data', from, to, fields: [['bytes', String(to - from)]] });
  }
  return layers;
}

function decodeRecord(record: DtlsRecord, from: number, to: number): readonly Layer[] {
  const { type, version, epoch, sequence, fragment } = record;
  const fields: Fields = [
    ['version', versionName(version)],
    ['epoch', String(epoch)],
    ['sequence number', String(sequence)],
    ['length', `${fragment.length} bytes${epoch > 0 ? ', encrypted' : ''}`],
  ];
  const layer: Layer = { name: `DTLS record: ${RECORDS[type] ?? `type ${type}`}`, from, to, fields };
  if (epoch > 0) return [layer];
  if (type === ALERT) {
    const alert = parseAlert(fragment);
    if (alert !== null)
      fields.push(['alert', `${alert.level === 2 ? 'fatal' : 'warning'}, ${alertName(alert.description)}`]);
  }
  if (type !== HANDSHAKE) return [layer];
  const messages = parseFragments(fragment) ?? [];
  return [layer, ...messages.map((message) => decodeMessage(message, from, to))];
}

function decodeMessage(message: HandshakeFragment, from: number, to: number): Layer {
  const { type, length, messageSeq, offset, body } = message;
  const isWhole = offset === 0 && body.length === length;
  const fields: Fields = [
    ['message number', String(messageSeq)],
    ['length', `${length} bytes`],
  ];
  if (isWhole) fields.push(...contentOf(type, body));
  else fields.push(['fragment', `bytes ${offset} to ${offset + body.length}`]);
  return { name: handshakeName(type), from, to, fields };
}

function contentOf(type: number, body: Uint8Array): Fields {
  switch (type) {
    case CLIENT_HELLO: {
      const hello = parseClientHello(body);
      if (hello === null) return [['', 'not well formed']];
      return [
        ['version', versionName(hello.version)],
        ['random', hex(hello.random)],
        ['session ID', hello.sessionId.length === 0 ? 'none' : hex(hello.sessionId)],
        ['cookie', hello.cookie.length === 0 ? 'none: the server will ask for one' : hex(hello.cookie)],
        ['cipher suites', hello.cipherSuites.map(suiteName).join(', ')],
        ...extensions(hello.extensions),
      ];
    }
    case HELLO_VERIFY_REQUEST: {
      const request = parseHelloVerifyRequest(body);
      return request === null ? [['', 'not well formed']] : [['cookie', hex(request.cookie)]];
    }
    case SERVER_HELLO: {
      const hello = parseServerHello(body);
      if (hello === null) return [['', 'not well formed']];
      return [
        ['version', versionName(hello.version)],
        ['random', hex(hello.random)],
        ['session ID', hello.sessionId.length === 0 ? 'none' : hex(hello.sessionId)],
        ['cipher suite', suiteName(hello.cipherSuite)],
        ...extensions(hello.extensions),
      ];
    }
    case CERTIFICATE:
      return (parseCertificateList(body) ?? []).map((der, nth) => [
        nth === 0 ? 'certificate of the sender' : 'issuer',
        `${der.length} bytes`,
      ]);
    case SERVER_KEY_EXCHANGE: {
      const exchange = parseEcdheServerKeyExchange(body);
      if (exchange === null) return [];
      return [
        ['group', groupOf(exchange.group) ?? String(exchange.group)],
        ['public point', hex(exchange.point)],
        ['signature', `${exchange.signature.length} bytes`],
      ];
    }
    default:
      return [];
  }
}

function extensions(all: HelloExtensions): Fields {
  const fields: Fields = [];
  if (all.serverName !== undefined) fields.push(['server name', all.serverName]);
  if (all.groups !== undefined)
    fields.push(['groups', all.groups.map((one) => groupOf(one) ?? String(one)).join(', ')]);
  if (all.signatureAlgorithms !== undefined) {
    const numbers = all.signatureAlgorithms.map((one) => `0x${one.toString(16).padStart(4, '0')}`);
    fields.push(['signature algorithms', numbers.join(', ')]);
  }
  if (all.extendedMasterSecret === true) fields.push(['extended master secret', 'yes']);
  if (all.connectionId !== undefined) fields.push(['connection ID', hex(all.connectionId) || 'empty']);
  return fields;
}
