import {
  defineFirmware,
  World,
  type DeviceOptions,
  type DhcpServer,
  type DhcpServerOptions,
  type LanOptions,
} from 'txsim';
import { TX_AUTO_START, TX_THREAD, tx_thread_create, type Thread } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as dhcp from 'txsim/nxd_dhcp_client';
import { numberOption, parseDhcp, type DhcpMessage } from '../../netx/wire/dhcp.ts';
import { parseUdpFrame } from '../../sim/network/ipv4-udp-frame.ts';
import { bootNetwork, type TestNetwork } from './dtls-firmware.ts';

/** A device with a DHCP client, and what became of it. */
export interface DhcpDevice {
  readonly network: TestNetwork;
  readonly client: dhcp.NX_DHCP;
  /** States that the client entered, with the second in which it did. */
  readonly states: string[];
  /** The address that the device has now. */
  readonly address: () => number;
}

/** A DHCP message that was on the wire, with the time in seconds. */
export interface Sent {
  readonly time: number;
  readonly from: string;
  readonly type: string;
  readonly message: DhcpMessage;
  readonly source: number;
  readonly destination: number;
}

const STATES = ['not-started', 'boot', 'init', 'selecting', 'requesting', 'bound', 'renewing', 'rebinding'];
const TYPES = ['', 'DISCOVER', 'OFFER', 'REQUEST', 'DECLINE', 'ACK', 'NAK', 'RELEASE', 'INFORM', 'FORCERENEW'];

export interface DhcpWorld {
  readonly world: World;
  readonly server: DhcpServer | null;
  readonly devices: readonly DhcpDevice[];
  readonly sent: readonly Sent[];
  /** The kinds of messages, in order. */
  readonly types: () => readonly string[];
}

export interface DhcpWorldOptions {
  readonly lan?: LanOptions;
  /** Null for none. */
  readonly server?: DhcpServerOptions | null;
  readonly devices?: number;
  readonly device?: Partial<DeviceOptions>;
  readonly seed?: number;
  /** What the device's own thread does; it starts the client unless told otherwise. */
  readonly body?: (device: DhcpDevice) => Thread;
}

function* startOnly({ client }: DhcpDevice): Thread {
  yield* dhcp.nx_dhcp_start(client);
}

/** A network with a DHCP server and devices that have a client each. */
export function dhcpWorld(options: DhcpWorldOptions = {}): DhcpWorld {
  const { lan: lanOptions = {}, server: serverOptions = {}, body = startOnly } = options;
  const world = new World({ seed: options.seed ?? 1 });
  const lan = world.lan(lanOptions);
  const server = serverOptions === null ? null : world.dhcpServer(lan, serverOptions);
  const devices: DhcpDevice[] = [];
  const sent: Sent[] = [];
  for (let number = 1; number <= (options.devices ?? 1); number++) {
    const firmware = defineFirmware((board) => {
      const network = bootNetwork({ ...board, ip_address: 0, network_mask: 0 });
      const client = new dhcp.NX_DHCP();
      const states: string[] = [];
      const thread = new TX_THREAD();
      const address = (): number => network.ip.nx_ip_interface[0]?.nx_interface_ip_address ?? 0;
      const device = { network, client, states, address };
      devices.push(device);
      const run = function* (): Thread {
        yield* dhcp.nx_dhcp_create(client, network.ip, board.name);
        yield* dhcp.nx_dhcp_state_change_notify(client, (_, state) => {
          states.push(`${Math.floor(world.clock.now / 1e9)} ${STATES[state] ?? state}`);
        });
        yield* body(device);
      };
      return {
        *tx_application_define(memory) {
          yield* network.define(memory);
          yield* tx_thread_create(thread, 'main', run, 0, network.take(2048), 2048, 4, 4, 0, TX_AUTO_START);
        },
      };
    });
    world.device(`device${number}`, { firmware, lan, ...options.device });
  }
  world.trace.listen(({ event }) => {
    if (event.type !== 'frame-sent') return;
    const datagram = parseUdpFrame(event.bytes);
    const message = datagram === null ? null : parseDhcp(datagram.payload);
    if (datagram === null || message === null) return;
    const type = TYPES[numberOption(message, 53) ?? 0] ?? '';
    const { source, destination } = datagram;
    sent.push({ time: world.clock.now / 1e9, from: event.from, type, message, source, destination });
  });
  return { world, server, devices, sent, types: () => sent.map(({ type }) => type) };
}

/** Whether a frame carries a DHCP message of that type. */
export function isDhcp(bytes: Uint8Array, type: string): boolean {
  const datagram = parseUdpFrame(bytes);
  const message = datagram === null ? null : parseDhcp(datagram.payload);
  return message !== null && TYPES[numberOption(message, 53) ?? 0] === type;
}

export const ADDRESS = nx.IP_ADDRESS(192, 168, 1, 100);
