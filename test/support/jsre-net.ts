import { defineFirmware, World, type Board, type Firmware } from 'txsim';
import {
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  tx_thread_create,
  type Suspension,
  type Thread,
} from 'txsim/tx_api';
import { readFileSync } from 'node:fs';
import { defineNetwork, NETWORK_MEMORY } from '../../sim/jsre/net/boot.ts';
import { readIdentity } from '../../sim/jsre/net/credentials.ts';
import { parseAddress, type Domain } from '../../sim/jsre/net/net-address.ts';
import type { JsreNetwork } from '../../sim/jsre/net/network.ts';
import { SecureListener } from '../../sim/jsre/net/secure-listener.ts';
import { SecureSocket } from '../../sim/jsre/net/secure-socket.ts';
import type { ClientSettings, ServerSettings } from '../../sim/jsre/net/settings.ts';
import { UdpEndpoint } from '../../sim/jsre/net/udp-endpoint.ts';
import { NXD_ADDRESS } from '../../netx/nxd-address.ts';

const CREDENTIALS = 'apps/dtls-echo/credentials';
export const pem = (name: string, folder = CREDENTIALS): string => readFileSync(`${folder}/${name}`, 'utf8');

/** A firmware whose threads use the network layer of JSRE directly. */
export function netFirmware(...bodies: readonly ((network: JsreNetwork, board: Board) => Thread)[]): Firmware {
  return defineFirmware((board) => ({
    *tx_application_define(memory) {
      const network = yield* defineNetwork(board, memory.subarray(0, NETWORK_MEMORY));
      let free = memory.subarray(NETWORK_MEMORY);
      for (const body of bodies) {
        const stack = free.subarray(0, 1024);
        free = free.subarray(1024);
        const thread = new TX_THREAD();
        const entry = (): Thread => body(network, board);
        yield* tx_thread_create(thread, 'task', entry, 0, stack, 1024, 10, 10, TX_NO_TIME_SLICE, TX_AUTO_START);
      }
    },
  }));
}

export const address = (domain: Domain, text: string): NXD_ADDRESS => {
  const parsed = parseAddress(domain, text);
  if (parsed === null) throw new Error(`${text} is no address`);
  return parsed;
};

export function serverSettings(network: JsreNetwork, more: Partial<ServerSettings> = {}): ServerSettings {
  const identity = readIdentity(network.kernel, pem('server-ecdsa.pem'), pem('server-ecdsa.key.pem'), undefined);
  if (identity === null) throw new Error('no identity');
  return { name: null, identity, trusted: [], names: new Map(), ipcert: false, handshakeTimeout: 60_000, ...more };
}

export const CLIENT: ClientSettings = {
  identity: null,
  trusted: [],
  rejectUnauthorized: false,
  server: null,
  handshakeTimeout: 60_000,
};

/** Opens a server's port. */
export function* listen(
  network: JsreNetwork,
  settings: ServerSettings,
  port = 2049,
  local: NXD_ADDRESS = address(2, '0.0.0.0'),
): Generator<Suspension, SecureListener, unknown> {
  const domain = local.nxd_ip_version === 6 ? 10 : 2;
  const endpoint = new UdpEndpoint(network, domain, local);
  const errno = yield* network.bind(endpoint, port);
  if (errno !== 0) throw new Error(`bind: ${errno}`);
  return new SecureListener(endpoint, settings);
}

/** A client's end, its handshake not begun. */
export function* connect(
  network: JsreNetwork,
  settings: ClientSettings,
  to: NXD_ADDRESS,
  from = 0,
): Generator<Suspension, SecureSocket, unknown> {
  const domain = to.nxd_ip_version === 6 ? 10 : 2;
  const endpoint = new UdpEndpoint(network, domain, address(domain, domain === 10 ? '::' : '0.0.0.0'));
  const errno = yield* network.bind(endpoint, from);
  if (errno !== 0) throw new Error(`bind: ${errno}`);
  endpoint.peer = { ip: to, port: 2049 };
  return new SecureSocket(endpoint, { role: 'client', settings });
}

/** Waits until a client waits to be accepted, and accepts it. */
export function* accept(listener: SecureListener): Generator<Suspension, SecureSocket, unknown> {
  yield* listener.endpoint.changed.until('accept', 0xffffffff, () => listener.readable);
  const socket = listener.accept();
  if (socket === null) throw new Error('nobody waits');
  return socket;
}

/** A server at 192.168.0.2 and a client at 192.168.0.3. */
export function lanOfTwo(
  server: Firmware,
  client: Firmware,
  lan: Parameters<World['lan']>[0] = {},
  [ofServer, ofClient]: readonly [Params, Params] = [{}, {}],
  seed = 7,
): World {
  const world = new World({ seed });
  const network = world.lan({ latency: '1ms', subnet: '192.168.0.0/24', ...lan });
  world.device('server', { firmware: server, lan: network, address: '192.168.0.2', params: ofServer });
  world.device('client', { firmware: client, lan: network, address: '192.168.0.3', params: ofClient });
  return world;
}

type Params = Readonly<Record<string, string>>;

export const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
export const bytesOf = (line: string): Uint8Array => Uint8Array.from(line, (character) => character.charCodeAt(0));
