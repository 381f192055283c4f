import { formatTime } from '../duration.ts';
import { storyLine } from '../report/story.ts';
import { statusName } from '../status-names.ts';
import { describeFrame } from './describe-frame.ts';
import type { SimulationEvent, TraceRecord } from './event.ts';
import type { FilterWords } from './filter.ts';

/** Services that give a number which is no status. */
export const GIVES_NUMBER: ReadonlySet<string> = new Set(['tx_time_get', 'nx_dhcp_user_option_convert']);

/** A status as people read it, by the service that gave it. */
export const serviceStatus = (service: string, status: number): string =>
  statusName(status, service.startsWith('tx_') ? 'tx' : 'nx');

/** A service's call in words: `tx_semaphore_get() gave TX_SUCCESS (0x00) after 0.010000 s`. */
function serviceWords({ service, status, began }: Extract<SimulationEvent, { type: 'service' }>, time: number): string {
  const gave =
    status === null ? 'returned' : `gave ${GIVES_NUMBER.has(service) ? status : serviceStatus(service, status)}`;
  return `${service}() ${gave}${time > began ? ` after ${formatTime(time - began)}` : ''}`;
}

/** Any event in words, in one line: what the story tells in the story's words, and everything else besides. */
export function eventWords(record: TraceRecord): string {
  return printable(storyLine(record)?.text ?? tell(record));
}

/** Control characters would break the line. */
const printable = (text: string): string =>
  // eslint-disable-next-line no-control-regex
  text.replace(/[\u0000-\u001f\u007f]/g, (character) => JSON.stringify(character).slice(1, -1));

function tell({ time, event }: TraceRecord): string {
  switch (event.type) {
    case 'service':
      return serviceWords(event, time);
    case 'thread-created':
      return `thread '${event.name}' created, priority ${event.priority}`;
    case 'thread-ended':
      return `thread '${event.name}' ${event.state}`;
    case 'thread-switch':
      return event.to === null ? 'no thread is ready' : `'${event.to}' gets the processor`;
    case 'thread-ready':
      return `'${event.name}' is ready`;
    case 'thread-blocked':
      return `'${event.name}' waits${event.waitsFor === '' ? '' : ` for ${event.waitsFor}`}`;
    case 'mutex-held-at-exit':
      return `thread '${event.thread}' ended and held ${event.mutexes.join(', ')}`;
    case 'mutex-cycle':
      return event.waits.map(({ thread, waitsFor }) => `'${thread}' waits for ${waitsFor}`).join(', ');
    case 'timer-tried-to-wait':
      return `the routine of timer '${event.timer}' tried to wait in ${event.service}()`;
    case 'queue-level':
      return `queue '${event.queue}' holds ${event.enqueued} of ${event.capacity}`;
    case 'callback-begin':
      return `${event.callback} begins`;
    case 'callback-end':
      return `${event.callback} ends${time > event.began ? ` after ${formatTime(time - event.began)}` : ''}`;
    case 'packet-allocated':
      return `packet of pool '${event.pool}' allocated, ${event.available} free`;
    case 'packet-released':
      return `packet of pool '${event.pool}' released, ${event.available} free`;
    case 'address-duplicate':
      return `another host has ${event.address} already`;
    case 'address-conflict':
      return `${event.hardware} uses ${event.address} too`;
    case 'icmp-error-received':
      return `ICMP from ${event.from}: ${event.error}, about a packet for ${event.about}`;
    case 'frame-not-received':
      return `frame not taken (${event.reason})`;
    case 'datagram-dropped':
      return `datagram dropped (${event.reason})${event.detail === '' ? '' : `: ${event.detail}`}`;
    case 'frame-sent':
      return `${event.network}: ${event.from} sends ${describeFrame(event.bytes)}`;
    case 'frame-delivered':
      return `${event.network}: ${event.to} gets ${describeFrame(event.bytes)} of ${event.from}`;
    case 'key-log':
      return event.line;
    default:
      // What the story has words for never comes here.
      return event.type;
  }
}

/** The words of a filter of a run's own records. */
export const FILTER_WORDS: FilterWords<TraceRecord> = {
  text: eventWords,
  status: (status, { event }) => serviceStatus(event.type === 'service' ? event.service : '', status),
};
