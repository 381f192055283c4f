/** What happens to a frame that somebody waits for: it is lost, or comes later by nanoseconds. */
export type NextFault = { readonly kind: 'drop' } | { readonly kind: 'delay'; readonly by: number };

interface Request {
  /** The port that sends the frame; null for any. */
  readonly from: string | null;
  readonly fault: NextFault;
}

/** Faults that wait for the next frame of a network. They take nothing from its random streams. */
export class NextFrames {
  readonly #requests: Request[] = [];

  /** Whether any waits. */
  get waiting(): boolean {
    return this.#requests.length > 0;
  }

  /** Adds a fault for the next frame of a port, or of any; gives a function that calls it off. */
  add(from: string | null, fault: NextFault): () => void {
    const request = { from, fault };
    this.#requests.push(request);
    return () => {
      const at = this.#requests.indexOf(request);
      if (at >= 0) this.#requests.splice(at, 1);
    };
  }

  /** The fault for a frame that is being sent, which is then no longer waited for. */
  take(from: string): NextFault | null {
    const at = this.#requests.findIndex((request) => request.from === null || request.from === from);
    return at < 0 ? null : (this.#requests.splice(at, 1)[0]?.fault ?? null);
  }
}
