import { describeMisuse } from '../diagnostics/packet-misuse.ts';
import { describeFrame } from '../trace/describe-frame.ts';
import type { TraceRecord } from '../trace/event.ts';

/** A line of the story: who, and what. */
export interface StoryLine {
  readonly time: number;
  readonly device: string;
  readonly thread: string;
  readonly text: string;
}

/**
 * The story of a run: what a person wants to read of a trace. Null for events that are not part of it.
 */
export function storyLine(record: TraceRecord): StoryLine | null {
  const text = tell(record);
  if (text === null) return null;
  const { time, device, event } = record;
  // The end of a callback's wait is told by whatever runs then.
  const thread = event.type === 'callback-blocked' ? event.thread : record.thread;
  return { time, device: device ?? '', thread, text };
}

function tell({ event }: TraceRecord): string | null {
  switch (event.type) {
    case 'print':
      return event.text;
    case 'dtls-flight': {
      const flight = event.flight === 0 ? '' : ` (flight ${event.flight}${event.retransmission ? ', again' : ''})`;
      return `DTLS ${event.messages.join(', ')} to ${event.peer}${flight}`;
    }
    case 'dtls-connected':
      return `DTLS connected with ${event.peer}: ${event.suite}`;
    case 'dtls-closed':
      return event.by === 'us' ? `DTLS session with ${event.peer} closed` : `DTLS session closed by ${event.peer}`;
    case 'dtls-failed':
      return `DTLS session with ${event.peer} failed: ${event.reason}`;
    case 'dtls-given-up':
      return `DTLS handshake with ${event.peer} given up after ${(event.elapsed / 1e9).toFixed(6)} s, by its own wait option`;
    case 'dtls-moved':
      return `DTLS session with ${event.from} goes on with ${event.peer}`;
    case 'dtls-discarded':
      return `DTLS record from ${event.peer} discarded: ${event.reason}`;
    case 'frame-dropped':
      return `${event.network}: frame of ${event.from} lost (${event.reason}): ${describeFrame(event.bytes)}`;
    case 'frame-fault': {
      const late = event.by === 0 ? '' : ` by ${event.by / 1e6} ms`;
      return `${event.network}: frame of ${event.from} ${event.fault}${late} on its way to ${event.to}: ${describeFrame(event.bytes)}`;
    }
    case 'router-dropped':
      return `router ${event.router} dropped a packet (${event.reason})`;
    case 'bridge':
      return event.text;
    case 'device-power':
      return event.isOn ? null : 'power off';
    case 'world-event':
      return `* ${event.text}`;
    case 'packet-misuse':
      return describeMisuse(event);
    case 'callback-blocked':
      return `${event.callback} waited ${(event.duration / 1e9).toFixed(6)} s in ${event.service}()`;
    default:
      return null;
  }
}
