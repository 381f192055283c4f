import * as tx from '../kernel/constants.ts';
import * as nx from '../netx/constants.ts';
import * as secure from '../secure/constants.ts';

/** Constants of the same families that are no statuses. */
const NO_STATUS =
  /^(NX_SECURE_X509_KEY_TYPE|NX_(LINK|IP_(?!ADDRESS_ERROR|INTERNAL_ERROR)|IPv|UDP_PACKET|TCP_PACKET|RECEIVE_PACKET|PHYSICAL|INTERFACE_CAP|ANY_|TRUE|FALSE|NO_WAIT|WAIT_FOREVER|FRAGMENT|DONT|NULL))/;

function namesOf(constants: object, prefix: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const [name, value] of Object.entries(constants)) {
    if (typeof value !== 'number' || !name.startsWith(prefix) || NO_STATUS.test(name) || names.has(value)) continue;
    names.set(value, name);
  }
  return names;
}

const nxNames = namesOf(nx, 'NX_');
const secureNames = namesOf(secure, 'NX_SECURE_');
const txNames = namesOf(tx, 'TX_');

/**
 * A status as people read it: `NX_SECURE_TLS_INVALID_SERVER_CERT (0x10C)`.
 *
 * @param family - whose services gave it: statuses of ThreadX and NetX have the same numbers
 */
export function statusName(status: number, family: 'nx' | 'tx' = 'nx'): string {
  const code = `0x${status.toString(16).toUpperCase().padStart(2, '0')}`;
  const name = family === 'tx' ? txNames.get(status) : (nxNames.get(status) ?? secureNames.get(status));
  return name === undefined ? code : `${name} (${code})`;
}
