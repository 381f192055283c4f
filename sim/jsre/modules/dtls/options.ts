import type { Certificate } from '../../../../secure/x509/certificate.ts';
import { ERRNO } from '../../runtime/errno.ts';
import { readCertificates, readIdentity } from '../../net/credentials.ts';
import type { ClientSettings, Identity, NamedIdentity, ServerSettings } from '../../net/settings.ts';
import type { JsreProcess } from '../../runtime/process.ts';
import { booleanOf, error, integerOf, objectOf, ok, optional, stringOf, type Result } from '../arguments.ts';
import { defaultCertificates } from './default-certificates.ts';

/** How long a handshake may take, in milliseconds. */
const TIMEOUT = { byDefault: 60_000, least: 2000, most: 120_000 };

type Options = Readonly<Record<string, unknown>>;

/** Reads the options of `Dtls.createServer`. */
export function serverOptions(process: JsreProcess, what: string, value: unknown): Result<ServerSettings> {
  const options = objectOf(what, value);
  const name = optional(`${what}.name`, options['name'], stringOf) ?? null;
  const ipcert = optional(`${what}.ipcert`, options['ipcert'], booleanOf) ?? false;
  const shown = certificateOptions(process, what, options);
  const timeout = commonOptions(what, options);
  if (!shown.ok) return shown;
  if (!timeout.ok) return timeout;
  return ok({ ...shown.value, name, names: new Map(), ipcert, handshakeTimeout: timeout.value });
}

/** Reads the options of `dtls.addcert`: a host name, and what to show to those who ask for it. */
export function addedCertificate(
  process: JsreProcess,
  what: string,
  value: unknown,
): Result<{ readonly name: string; readonly shown: NamedIdentity }> {
  const options = objectOf(what, value);
  const name = stringOf(`${what}.name`, options['name']).toLowerCase();
  const shown = certificateOptions(process, what, options);
  if (!shown.ok) return shown;
  return name === '' ? error(ERRNO.EINVAL) : ok({ name, shown: shown.value });
}

/** Reads the options of `Dtls.createClient`. */
export function clientOptions(process: JsreProcess, what: string, value: unknown): Result<ClientSettings> {
  const options = objectOf(what, value);
  const flag = (name: string): boolean => optional(`${what}.${name}`, options[name], booleanOf) ?? false;
  const rejectUnauthorized = flag('rejectUnauthorized');
  const byDefault = flag('loadDefaultCerts') ? defaultCertificates(process.files) : [];
  const server = optional(`${what}.server`, options['server'], stringOf) ?? null;
  const ca = authorities(what, options);
  const hasCertificate = optional(`${what}.cert`, options['cert'], stringOf) !== undefined;
  const identity = hasCertificate ? identityOptions(process, what, options) : ok(null);
  const timeout = commonOptions(what, options);
  if (!ca.ok) return ca;
  if (!identity.ok) return identity;
  if (!timeout.ok) return timeout;
  const trusted = [...ca.value, ...byDefault];
  const handshakeTimeout = timeout.value;
  return ok({ identity: identity.value, trusted, rejectUnauthorized, server, handshakeTimeout });
}

/** What both sides have: gives the time-out. Renegotiation may be asked for; no peer gets one (RFC 5746 section 4.5). */
function commonOptions(what: string, options: Options): Result<number> {
  optional(`${what}.renegotiate`, options['renegotiate'], booleanOf);
  const timeout = optional(`${what}.handshakeTimeout`, options['handshakeTimeout'], integerOf) ?? TIMEOUT.byDefault;
  return timeout < TIMEOUT.least || timeout > TIMEOUT.most ? error(ERRNO.EINVAL) : ok(timeout);
}

function certificateOptions(process: JsreProcess, what: string, options: Options): Result<NamedIdentity> {
  const identity = identityOptions(process, what, options);
  const trusted = authorities(what, options);
  if (!identity.ok) return identity;
  return trusted.ok ? ok({ identity: identity.value, trusted: trusted.value }) : trusted;
}

function identityOptions(process: JsreProcess, what: string, options: Options): Result<Identity> {
  const cert = stringOf(`${what}.cert`, options['cert']);
  const key = optional(`${what}.key`, options['key'], stringOf);
  const passwd = optional(`${what}.passwd`, options['passwd'], stringOf);
  const identity = readIdentity(process.kernel, cert, key, passwd);
  return identity === null ? error(ERRNO.EINVAL) : ok(identity);
}

function authorities(what: string, options: Options): Result<readonly Certificate[]> {
  const ca = optional(`${what}.ca`, options['ca'], stringOf);
  if (ca === undefined) return ok([]);
  const certificates = readCertificates(ca);
  return certificates === null || certificates.length === 0 ? error(ERRNO.EINVAL) : ok(certificates);
}
