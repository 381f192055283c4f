import type { TraceListener } from '../trace/stream.ts';

/** Counts what the summary of a run tells. */
export class RunCounters {
  framesSent = 0;
  framesDropped = 0;
  flights = 0;
  retransmissions = 0;
  readonly #connected = { client: 0, server: 0 };
  discarded = 0;

  /** Both ends report a handshake of two devices; one with a real peer is reported by one end. */
  get handshakes(): number {
    return Math.max(this.#connected.client, this.#connected.server);
  }

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
        this.#connected[event.role]++;
        break;
      case 'dtls-discarded':
        this.discarded++;
        break;
      default:
        break;
    }
  };
}
