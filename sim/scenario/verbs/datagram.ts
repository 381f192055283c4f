import type { Device } from '../../device.ts';
import { addressOf } from '../../host/device-address.ts';
import { parseAddress, type IpAddress } from '../../host/ip-address.ts';
import { buildUdpFrame } from '../../host/udp-frame.ts';
import type { NetworkInterface } from '../../network-interface.ts';
import { outsiderOf } from '../../network/outsider.ts';
import type { World } from '../../world.ts';
import { mistake, namedDevice, namedNetwork } from '../names.ts';
import { verb, type Verb } from '../verb.ts';

/** A UDP datagram that enters a network. */
export interface SentDatagram {
  /** The receiver: `'server:4443'`, a device and its port. */
  readonly to: string;
  /**
   * Whom it seems to come from: an address and port (`'203.0.113.9:5000'`, `'[fd00::9]:5000'`), or a device and port
   * (`'client:5000'`), whose address it then bears. Default: `'203.0.113.9:9999'`.
   */
  readonly from?: string;
  /** What it carries: one of these three. */
  readonly text?: string;
  /** As hexadecimal digits; blanks are left out. */
  readonly hex?: string;
  readonly bytes?: Uint8Array;
  /** The network that it enters. Default: that of the receiver's first interface. */
  readonly network?: string;
}

/** An address of the block that is kept for examples (RFC 5737): no network of a scenario has it. */
const SOMEBODY = '203.0.113.9:9999';

interface Endpoint {
  readonly host: string;
  readonly port: number;
}

function endpoint(field: string, text: string, example: string): Endpoint {
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]+)\]|([^[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host !== undefined && port >= 1 && port <= 0xffff) return { host, port };
  throw mistake(`sendDatagram: ${field} is '${text}'`, `write it as '${example}'`);
}

function payloadOf({ text, hex, bytes }: SentDatagram): Uint8Array {
  if ([text, hex, bytes].filter((one) => one !== undefined).length !== 1) {
    throw mistake(
      'sendDatagram: its content is not said, or said twice',
      "give one of text: 'hello', hex: '16fe fd00', bytes",
    );
  }
  if (bytes !== undefined) return bytes.slice();
  if (text !== undefined) return new TextEncoder().encode(text);
  const digits = (hex ?? '').replaceAll(/\s+/g, '');
  if (digits.length % 2 !== 0 || !/^[\da-fA-F]*$/.test(digits)) {
    throw mistake(`sendDatagram: hex is '${hex ?? ''}'`, "write pairs of hexadecimal digits, such as '16fe fd00'");
  }
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The address that a device has, or the one planned for it where its firmware has none (yet). */
function ownAddress(device: Device, prefersIpv6: boolean): IpAddress {
  return addressOf(device, prefersIpv6)?.address ?? device.plannedAddress;
}

/** The receiver's interface on a network; its first where none is named. */
function interfaceOn(world: World, device: Device, network: string | undefined): NetworkInterface {
  if (network === undefined) return device.nic;
  const lan = namedNetwork(world, 'sendDatagram', network);
  const found = device.interfaces.find(({ link }) => link?.lan === lan);
  if (found !== undefined) return found;
  throw mistake(
    `sendDatagram: device '${device.name}' is not plugged into network '${network}'`,
    'name one of its own',
  );
}

/**
 * Sends a UDP datagram to a device, from a host that is not there: with correct checksums, and without ARP. It crosses the
 * network with its faults, and captures show it; an answer goes nowhere.
 *
 * @throws SimulationError where a field makes no sense
 */
export function sendDatagram(datagram: SentDatagram): Verb {
  const to = endpoint('to', datagram.to, 'server:4443');
  const from = endpoint('from', datagram.from ?? SOMEBODY, SOMEBODY);
  const payload = payloadOf(datagram);
  const outside = parseAddress(from.host);
  const sourceOf = (world: World, prefersIpv6: boolean): IpAddress =>
    outside ?? ownAddress(namedDevice(world, 'sendDatagram: from', from.host), prefersIpv6);
  return verb({
    text: `send ${payload.length} bytes from ${datagram.from ?? SOMEBODY} to ${datagram.to}`,
    devices: [to.host],
    check: (world) => {
      interfaceOn(world, namedDevice(world, 'sendDatagram: to', to.host), datagram.network);
      sourceOf(world, false);
    },
    perform: (world) => {
      const device = namedDevice(world, 'sendDatagram: to', to.host);
      const nic = interfaceOn(world, device, datagram.network);
      const destination = ownAddress(device, outside !== null && typeof outside !== 'number');
      const source = sourceOf(world, typeof destination !== 'number');
      if (typeof source !== typeof destination) {
        throw mistake(
          `sendDatagram: '${datagram.from ?? SOMEBODY}' and '${datagram.to}' have addresses of two versions`,
          'send from an address of the version that the receiver has',
        );
      }
      const outsider = nic.link === null ? null : outsiderOf(nic.link.lan);
      const hardware = outsider?.hardware ?? { msw: 0x02ff, lsw: 1 };
      const frame = buildUdpFrame(
        { source, sourcePort: from.port, destination, destinationPort: to.port, payload },
        hardware,
        nic.address,
        outsider?.nextIdentification() ?? 0,
      );
      // A point-to-point link has no third port: there the frame comes out of the receiver's end as it is.
      if (outsider === null) nic.deliver({ bytes: frame, from: 'outside' });
      else outsider.transmit(frame);
    },
  });
}
