import type { ReportChunk, ReportHead, ReportSummary } from '../../report-page/data.ts';
import type { ReportSource } from '../../report-page/source.ts';
import type { LiveState } from '../messages.ts';

/** Told of what a run says beside its events. */
export interface LiveListener {
  readonly state: (state: LiveState) => void;
  /** The simulator is gone; what the page has stays. */
  readonly lost: () => void;
}

/** What of a stream of events is a text from the server; anything else is an error of the connection. */
const dataOf = (event: Event): unknown =>
  event instanceof MessageEvent && typeof event.data === 'string' ? JSON.parse(event.data) : null;

/** The run that goes on at the server which this page came from. */
export const liveSource = (listener: LiveListener): ReportSource => ({
  mode: 'live',
  open: (sink) => {
    const events = new EventSource('events');
    let isOpen = false;
    events.addEventListener('open', () => {
      // Whoever comes again is told everything again.
      if (isOpen) location.reload();
      isOpen = true;
    });
    events.addEventListener('error', () => {
      if (isOpen) listener.lost();
    });
    // What is sent by these names is what the server that made this page sends by them.
    events.addEventListener('head', (event) => sink.head(dataOf(event) as ReportHead));
    events.addEventListener('chunk', (event) => sink.append(dataOf(event) as ReportChunk));
    events.addEventListener('summary', (event) => sink.summary(dataOf(event) as ReportSummary));
    events.addEventListener('state', (event) => listener.state(dataOf(event) as LiveState));
    events.addEventListener('reset', () => location.reload());
  },
});
