import type { TraceListener } from '../trace/stream.ts';

/** Counts what the summary of a run tells. */
export class RunCounters {
  framesSent = 0;
  framesDropped = 0;
  flights = 0;
  retransmissions = 0;
  handshakes = 0;
  discarded = 0;

  readonly listener: TraceListener = ({ event }) => {
    switch (event.type) {
      case 'frame-sent':
        this.framesSent++;
        break;
      case 'frame-dropped':
        this.framesDropped++;
        break;
      case 'dtls-flight':
        if (event.flight === 0) break;
        this.flights++;
        if (event.retransmission) this.retransmissions++;
        break;
      case 'dtls-connected':
        // Both ends report it; a handshake with a real peer is reported by one.
        if (event.role === 'server') this.handshakes++;
        break;
      case 'dtls-discarded':
        this.discarded++;
        break;
      default:
        break;
    }
  };
}
