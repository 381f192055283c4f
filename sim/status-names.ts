import * as tx from '../kernel/constants.ts';
import * as nx from '../netx/constants.ts';
import * as dhcp from '../netx/dhcp/constants.ts';
import * as secure from '../secure/constants.ts';

/** Constants of NetX and NetX Secure that are no statuses. */
const NO_NX_STATUS =
  /^(NX_SECURE_X509_KEY_(TYPE|USAGE_(?!ERROR))|NX_SECURE_TLS_X509_TYPE|NX_(LINK|IP_(?!ADDRESS_ERROR|INTERNAL_ERROR)|IPv|UDP_PACKET|TCP_PACKET|RECEIVE_PACKET|PHYSICAL|INTERFACE_CAP|ANY_|TRUE|FALSE|NO_WAIT|WAIT_FOREVER|FRAGMENT|DONT|NULL))/;
/** The statuses among the constants of the DHCP client. */
const DHCP_STATUS = /^NX_DHCP_(ERROR|NO_|BAD_|ALREADY_|NOT_|DEST_|PARSE_|INVALID_|UNKNOWN_|INTERFACE_)/;
/** The statuses among the constants of ThreadX. */
const TX_STATUS =
  /_ERROR$|^TX_(SUCCESS|DELETED|NO_EVENTS|QUEUE_(EMPTY|FULL)|NO_INSTANCE|NO_MEMORY|SUSPEND_LIFTED|WAIT_ABORTED|NOT_(AVAILABLE|OWNED|DONE)|CEILING_EXCEEDED|INVALID_CEILING|FEATURE_NOT_ENABLED)$/;

function namesOf(constants: object, isStatus: (name: string) => boolean): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const [name, value] of Object.entries(constants)) {
    if (typeof value === 'number' && isStatus(name) && !names.has(value)) names.set(value, name);
  }
  return names;
}

const isNxStatus = (name: string): boolean => !NO_NX_STATUS.test(name);
const nxNames = namesOf(nx, isNxStatus);
const secureNames = namesOf(secure, isNxStatus);
const dhcpNames = namesOf(dhcp, (name) => DHCP_STATUS.test(name));
const txNames = namesOf(tx, (name) => TX_STATUS.test(name));

/** A status, and whose it is. */
export interface Status {
  readonly name: string;
  readonly code: number;
  readonly product: 'ThreadX' | 'NetX Duo' | 'NetX Secure' | 'NetX Duo DHCP client';
}

function statusesOf(
  constants: object,
  isStatus: (name: string) => boolean,
  product: Status['product'],
): readonly Status[] {
  return Object.entries(constants).flatMap(([name, code]) =>
    typeof code === 'number' && isStatus(name) ? [{ name, code, product }] : [],
  );
}

/** Every status there is, by its name; several have the same number. */
export const STATUSES: readonly Status[] = [
  ...statusesOf(tx, (name) => TX_STATUS.test(name), 'ThreadX'),
  ...statusesOf(nx, isNxStatus, 'NetX Duo'),
  ...statusesOf(dhcp, (name) => DHCP_STATUS.test(name), 'NetX Duo DHCP client'),
  ...statusesOf(secure, isNxStatus, 'NetX Secure'),
];

/**
 * A status as people read it: `NX_SECURE_TLS_INVALID_SERVER_CERT (0x10C)`.
 *
 * @param family - whose services gave it: statuses of ThreadX and NetX have the same numbers
 */
export function statusName(status: number, family: 'nx' | 'tx' = 'nx'): string {
  const code = `0x${status.toString(16).toUpperCase().padStart(2, '0')}`;
  const name =
    family === 'tx' ? txNames.get(status) : (nxNames.get(status) ?? secureNames.get(status) ?? dhcpNames.get(status));
  return name === undefined ? code : `${name} (${code})`;
}
