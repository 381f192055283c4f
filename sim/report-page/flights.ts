import type { TraceRecord } from '../trace/event.ts';
import { ownerOf } from './lanes.ts';

interface Flight {
  readonly peer: string;
  readonly label: string;
}

/** Flights that were announced and whose frames were never seen: more than these of a device are forgotten. */
const REMEMBERED = 16;

/**
 * Finds for frames the names of the DTLS flights in them. The DTLS layer announces a flight with the names of its
 * messages, which later are encrypted; its frame follows, at once or when ARP has found the peer.
 */
export class Flights {
  readonly #waiting = new Map<string, Flight[]>();

  /** Hears of a flight. */
  announce({ device, event }: TraceRecord): void {
    if (event.type !== 'dtls-flight' || device === null) return;
    const { flight, retransmission, messages, peer } = event;
    const which = flight === 0 ? '' : ` (flight ${flight}${retransmission ? ', again' : ''})`;
    const waiting = this.#waiting.get(device) ?? [];
    waiting.push({ peer, label: `${messages.join(', ')}${which}` });
    if (waiting.length > REMEMBERED) waiting.shift();
    this.#waiting.set(device, waiting);
  }

  /** The name of the flight in a frame that a port sends, or ''. */
  nameOf(port: string, description: string): string {
    if (!description.startsWith('DTLS ') || description.startsWith('DTLS application data')) return '';
    const waiting = this.#waiting.get(ownerOf(port));
    const at = waiting?.findIndex(({ peer }) => description.endsWith(` to ${peer}`)) ?? -1;
    if (waiting === undefined || at < 0) return '';
    return waiting.splice(at, 1)[0]?.label ?? '';
  }
}
