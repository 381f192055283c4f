import { addressOf } from '../../host/device-address.ts';
import { formatAddress } from '../../host/ip-address.ts';
import type { World } from '../../world.ts';
import { namedDevice } from '../names.ts';
import { expectation, type Expectation, type Watch } from './expectation.ts';
import { Window, type WindowOptions } from './window.ts';

/** Whether a session's peer, as `address:port`, is at a device. */
function isAt(world: World, peer: string, name: string): boolean {
  const device = namedDevice(world, 'connected', name);
  const own = [false, true].map((ipv6) => addressOf(device, ipv6)?.address ?? device.plannedAddress);
  const address = peer.replace(/:\d+$/, '').replaceAll(/[[\]]/g, '');
  return own.some((one) => formatAddress(one) === address);
}

/**
 * Expects that a device completes a DTLS handshake, with whomever or with a certain device: `connected('client', 'server')`.
 */
export function connected(device: string, peer?: string | null, options: WindowOptions = {}): Expectation {
  const title = `${device} is connected${peer === undefined || peer === null ? '' : ` with ${peer}`}`;
  const after = typeof options.after === 'object' ? ` after ${options.after.text}` : '';
  return expectation({
    title: title + after,
    devices: peer === undefined || peer === null || peer === device ? [device] : [device, peer],
    watch: (world): Watch => {
      namedDevice(world, 'connected', device);
      if (peer !== undefined && peer !== null) namedDevice(world, 'connected', peer);
      const window = new Window(world, options);
      const seen: string[] = [];
      return {
        expected: `${title}${window.text}`,
        get deadline() {
          return window.deadline;
        },
        device,
        happened: (text, time) => window.happened(text, time),
        get neverBegan() {
          return window.neverBegan;
        },
        hear: ({ time, event }) => {
          if (!window.hasBegun(time)) return null;
          if (event.type === 'dtls-failed') seen.push(`its session with ${event.peer} failed: ${event.reason}`);
          if (event.type !== 'dtls-connected') return null;
          if (peer === undefined || peer === null || isAt(world, event.peer, peer)) return 'held';
          seen.push(`it is connected with ${event.peer}`);
          return null;
        },
        judge: () => [...window.neverBegan, ...(seen.length === 0 ? ['no handshake was completed'] : seen.slice(-5))],
      };
    },
  });
}
