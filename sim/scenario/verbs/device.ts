import type { Op } from '../../../kernel/op.ts';
import type { Device } from '../../device.ts';
import { formatDuration, parseSignedDuration } from '../../duration.ts';
import type { Duration } from '../../world.ts';
import { namedDevice, within } from '../names.ts';
import { verb, type Verb } from '../verb.ts';

/**
 * Sets a device's time of day forward, or back.
 *
 * @param by - nanoseconds, or a text such as `'1h'`, `'-90s'`
 */
export function clockJump(device: string, by: Duration): Verb {
  const jump = within('clockJump', () => parseSignedDuration(by));
  const sign = jump < 0 ? '-' : '+';
  return verb({
    text: `clock of ${device} jumps by ${sign}${formatDuration(Math.abs(jump))}`,
    devices: [device],
    check: (world) => void namedDevice(world, 'clockJump', device),
    perform: (world) => namedDevice(world, 'clockJump', device).clockJump(jump),
  });
}

/**
 * Runs an interrupt service routine on a device: a button, a sensor's line. It is given the device, whose `objects` are found
 * by name: `interrupt('sensor', ({ objects }) => tx_semaphore_put(objects.semaphore('button')))`.
 *
 * @param routine - may be a `function*` that calls services which an ISR may call
 */
export function interrupt(device: string, routine: (device: Device) => void | Op<unknown>): Verb {
  return verb({
    text: `interrupt ${device}`,
    devices: [device],
    check: (world) => void namedDevice(world, 'interrupt', device),
    perform: (world) => {
      const target = namedDevice(world, 'interrupt', device);
      target.interrupt(() => routine(target));
    },
  });
}
