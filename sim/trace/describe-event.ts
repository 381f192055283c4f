import { storyLine } from '../report/story.ts';
import { statusName } from '../status-names.ts';
import { describeFrame } from './describe-frame.ts';
import type { SimulationEvent, TraceRecord } from './event.ts';

/** What a frequent event tells, in one line; null for those that say nothing to a person. */
function frequent(event: SimulationEvent): string | null {
  switch (event.type) {
    case 'service': {
      const family = event.service.startsWith('tx_') ? 'tx' : 'nx';
      return `${event.service}()${event.status === null ? '' : ` -> ${statusName(event.status, family)}`}`;
    }
    case 'thread-created':
      return `thread '${event.name}' created, priority ${event.priority}`;
    case 'thread-ended':
      return `thread '${event.name}' ${event.state}`;
    case 'callback-begin':
      return `${event.callback} begins`;
    case 'packet-allocated':
      return `packet of pool '${event.pool}' allocated, ${event.available} left`;
    case 'frame-sent':
      return event.lost === null ? `sent: ${describeFrame(event.bytes)}` : null;
    case 'frame-delivered':
      return `received: ${describeFrame(event.bytes)}`;
    case 'frame-not-received':
      return `frame not received: ${event.reason}`;
    case 'mutex-held-at-exit':
      return `thread '${event.thread}' ended and held ${event.mutexes.map((name) => `'${name}'`).join(', ')}`;
    case 'timer-tried-to-wait':
      return `timer '${event.timer}' tried to wait in ${event.service}()`;
    case 'address-duplicate':
      return `another host has the address ${event.address}`;
    default:
      return null;
  }
}

/** An event in one line, frequent ones too; null for those that say nothing to a person. */
export function describeEvent(record: TraceRecord): string | null {
  return storyLine(record)?.text ?? frequent(record.event);
}

/** The devices, or ports, whose event it is: frames are of those that send and receive them. */
export function concerned({ device, event }: TraceRecord): readonly string[] {
  switch (event.type) {
    case 'frame-sent':
      return [event.from];
    case 'frame-delivered':
      return [event.to];
    case 'frame-dropped':
      return event.to === null ? [event.from] : [event.from, event.to];
    case 'frame-fault':
      return [event.from, event.to];
    default:
      return device === null ? [] : [device];
  }
}
