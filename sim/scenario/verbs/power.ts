import { formatDuration, parseDuration } from '../../duration.ts';
import type { Duration, World } from '../../world.ts';
import { namedDevice, within } from '../names.ts';
import { verb, type Verb } from '../verb.ts';

function ofDevice(name: string, device: string, text: string, perform: (world: World) => void): Verb {
  const check = (world: World): void => void namedDevice(world, name, device);
  return verb({ text, devices: [device], check, perform });
}

/**
 * Takes a device's power away and gives it back.
 *
 * @param options - `off`: for how long it has none; default: it boots at once
 */
export function reboot(device: string, options: { readonly off?: Duration } = {}): Verb {
  const { off } = options;
  const ends = off === undefined ? null : within('reboot: off', () => parseDuration(off));
  const text = ends === null ? `reboot ${device}` : `reboot ${device}, off for ${formatDuration(ends)}`;
  return ofDevice('reboot', device, text, (world) => {
    const target = namedDevice(world, 'reboot', device);
    if (ends === null) {
      target.reboot();
    } else {
      target.powerOff();
      world.at(world.clock.now + ends, powerOn(device));
    }
  });
}

/** Takes a device's power away: see `Device.powerOff`. */
export function powerOff(device: string): Verb {
  return ofDevice('powerOff', device, `power off ${device}`, (world) => {
    namedDevice(world, 'powerOff', device).powerOff();
  });
}

/** Gives a device its power back: it boots. */
export function powerOn(device: string): Verb {
  return ofDevice('powerOn', device, `power on ${device}`, (world) => {
    namedDevice(world, 'powerOn', device).powerOn();
  });
}
