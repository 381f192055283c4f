import type { NXD_ADDRESS } from '../../../netx/nxd-address.ts';
import type { RawExtension } from '../../../secure/dtls/wire/extensions.ts';
import { Reader } from '../../../secure/dtls/wire/reader.ts';
import { matchesDnsName, matchesIpAddress, matchesPattern } from '../../../secure/x509/names.ts';
import { addressBytes } from './net-address.ts';
import type { NamedIdentity, ServerSettings } from './settings.ts';

/** Number of the server_name extension (RFC 6066 section 3). */
const SERVER_NAME = 0;
const HOST_NAME = 0;

/** The host name that a client asks for, in lower case; null where it asks for none. */
export function requestedName(extensions: readonly RawExtension[]): string | null {
  const extension = extensions.find(({ type }) => type === SERVER_NAME);
  if (extension === undefined) return null;
  const names = new Reader(new Reader(extension.body).vector16());
  const kind = names.uint8();
  const name = names.vector16();
  if (!names.ok || kind !== HOST_NAME || name.length === 0) return null;
  return String.fromCharCode(...name).toLowerCase();
}

/**
 * Which of a server's certificates a client gets. The one that was added for the name it asks for; else the server's own,
 * where that is for the name; else one that was added for a pattern of the name. A client that asks for no name gets, with
 * `ipcert`, the first that is for the address it talks to. In all other cases it gets the server's own.
 *
 * @param own - the address of this device that the client talks to
 */
export function chooseIdentity(settings: ServerSettings, name: string | null, own: NXD_ADDRESS): NamedIdentity {
  const { names } = settings;
  if (name !== null) {
    const exact = names.get(name);
    if (exact !== undefined) return exact;
    if (matchesDnsName(settings.identity.leaf, name)) return settings;
    for (const [pattern, added] of names) if (matchesPattern(pattern, name)) return added;
  } else if (settings.ipcert) {
    const address = addressBytes(own);
    for (const one of [settings, ...names.values()]) if (matchesIpAddress(one.identity.leaf, address)) return one;
  }
  return settings;
}
