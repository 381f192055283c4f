import { buildCertificateList, parseCertificateList } from '../../../secure/dtls/wire/certificate.ts';
import { buildCertificateRequest, parseCertificateRequest } from '../../../secure/dtls/wire/certificate-request.ts';
import { buildCertificateVerify, parseCertificateVerify } from '../../../secure/dtls/wire/certificate-verify.ts';
import { buildClientHello, parseClientHello } from '../../../secure/dtls/wire/client-hello.ts';
import {
  buildClientKeyExchange,
  buildEcdhePskClientKeyExchange,
  parseClientKeyExchange,
  parseEcdhePskClientKeyExchange,
} from '../../../secure/dtls/wire/client-key-exchange.ts';
import {
  buildFragment,
  CERTIFICATE,
  CERTIFICATE_REQUEST,
  CERTIFICATE_VERIFY,
  CLIENT_HELLO,
  CLIENT_KEY_EXCHANGE,
  handshakeName,
  HELLO_VERIFY_REQUEST,
  parseFragments,
  SERVER_HELLO,
  SERVER_KEY_EXCHANGE,
} from '../../../secure/dtls/wire/handshake.ts';
import { buildHelloVerifyRequest, parseHelloVerifyRequest } from '../../../secure/dtls/wire/hello-verify-request.ts';
import { DTLS_1_0 } from '../../../secure/dtls/wire/record.ts';
import { buildServerHello, parseServerHello } from '../../../secure/dtls/wire/server-hello.ts';
import {
  buildEcdhePskServerKeyExchange,
  buildEcdheServerKeyExchange,
  buildPskHint,
  parseEcdhePskServerKeyExchange,
  parseEcdheServerKeyExchange,
  parsePskHint,
} from '../../../secure/dtls/wire/server-key-exchange.ts';
import { concat } from '../../../secure/dtls/wire/writer.ts';
import { equal, hold, type FuzzTarget } from '../target.ts';

/** Parses a body and builds it again; null where it is refused. */
type RoundTrip = (body: Uint8Array) => Uint8Array | null;

const roundTrip =
  <T>(parse: (body: Uint8Array) => T | null, build: (message: T) => Uint8Array): RoundTrip =>
  (body) => {
    const parsed = parse(body);
    return parsed === null ? null : build(parsed);
  };

/** Messages that are built to the byte as they were parsed. */
const EXACT: Readonly<Record<number, readonly RoundTrip[]>> = {
  [HELLO_VERIFY_REQUEST]: [roundTrip(parseHelloVerifyRequest, buildHelloVerifyRequest)],
  [CERTIFICATE]: [roundTrip(parseCertificateList, buildCertificateList)],
  [CERTIFICATE_VERIFY]: [
    roundTrip(parseCertificateVerify, buildCertificateVerify),
    roundTrip((body) => parseCertificateVerify(body, DTLS_1_0), buildCertificateVerify),
  ],
  [SERVER_KEY_EXCHANGE]: [
    roundTrip(parseEcdheServerKeyExchange, buildEcdheServerKeyExchange),
    roundTrip((body) => parseEcdheServerKeyExchange(body, DTLS_1_0), buildEcdheServerKeyExchange),
    roundTrip(parseEcdhePskServerKeyExchange, buildEcdhePskServerKeyExchange),
    roundTrip(parsePskHint, buildPskHint),
  ],
  [CLIENT_KEY_EXCHANGE]: [
    roundTrip(
      (body) => parseClientKeyExchange(body, 1),
      (value) => buildClientKeyExchange(value, 1),
    ),
    roundTrip(
      (body) => parseClientKeyExchange(body, 2),
      (value) => buildClientKeyExchange(value, 2),
    ),
    roundTrip(parseEcdhePskClientKeyExchange, buildEcdhePskClientKeyExchange),
  ],
};

/** Messages of which some things are passed over: they are the same when they are parsed and built a second time. */
const STABLE: Readonly<Record<number, RoundTrip>> = {
  [CLIENT_HELLO]: roundTrip(parseClientHello, buildClientHello),
  [SERVER_HELLO]: roundTrip(parseServerHello, buildServerHello),
  [CERTIFICATE_REQUEST]: roundTrip(parseCertificateRequest, buildCertificateRequest),
};

function bodyOutcome(type: number, body: Uint8Array): string {
  const stable = STABLE[type];
  if (stable !== undefined) {
    const built = stable(body);
    if (built === null) return '-';
    const again = stable(built);
    hold(again !== null && equal(again, built), `${handshakeName(type)} is built as it was parsed`);
    return built.length === body.length ? '=' : '~';
  }
  let outcome = '';
  for (const exact of EXACT[type] ?? []) {
    const built = exact(body);
    hold(built === null || equal(built, body), `${handshakeName(type)} is built as it was parsed`);
    outcome += built === null ? '-' : '+';
  }
  return outcome;
}

/** The content of handshake records, and the messages in it. */
export const handshake: FuzzTarget = {
  name: 'handshake',
  run: (input) => {
    const fragments = parseFragments(input);
    if (fragments === null) return 'refused';
    hold(equal(concat(...fragments.map(buildFragment)), input), 'fragments are built as they were parsed');
    let outcome = '';
    for (const { type, body, length, offset } of fragments.slice(0, 2)) {
      hold(offset + body.length <= length, 'a fragment lies in its message');
      const known = type in EXACT || type in STABLE;
      outcome += ` ${known ? type : '?'}${body.length === length ? bodyOutcome(type, body) : '/'}`;
    }
    return outcome;
  },
};
