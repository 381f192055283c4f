import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { CommandError } from './protocol.ts';

/** Bytes of a command at most. */
const LONGEST_COMMAND = 4096;
/** Browsers that may watch at once. */
const MOST_WATCHERS = 16;

/** What the server shows, and whom it tells what it is asked for. */
export interface LiveSite {
  /** The page. */
  readonly page: () => string;
  /** A browser wants to be told of what happens. */
  readonly watch: (watcher: ServerResponse) => void;
  /** A browser asks for something; throws a {@link CommandError} for what cannot be done. */
  readonly command: (json: unknown) => void;
}

const HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': "frame-ancestors 'none'",
} as const;

/**
 * Serves a page on the loopback interface to whoever has its address, which holds a secret: nobody else on this machine can
 * guess it, and no other page in the browser can reach it.
 */
export class LiveServer {
  readonly #site: LiveSite;
  readonly #secret = randomBytes(18).toString('base64url');
  readonly #server: Server;
  readonly #watchers = new Set<ServerResponse>();
  #port = 0;

  constructor(site: LiveSite) {
    this.#site = site;
    this.#server = createServer((request, response) => this.#serve(request, response));
  }

  /** Where the page is. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}/${this.#secret}/`;
  }

  /** Whether any browser watches. */
  get watched(): boolean {
    return this.#watchers.size > 0;
  }

  /**
   * Begins to listen.
   *
   * @param port - 0 for any that is free
   * @throws the error of the host where the port cannot be had
   */
  async open(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : port;
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const watcher of this.#watchers) watcher.end();
    this.#server.closeAllConnections();
    await closed;
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const refuse = (status: number, text: string): void => {
      response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
    };
    if (!this.#isOurs(request)) return refuse(403, 'this page is for the machine that it runs on');
    const [, secret = '', what = ''] = /^\/([^/?]*)\/([^/?]*)(?:\?.*)?$/.exec(request.url ?? '') ?? [];
    if (!same(secret, this.#secret)) return refuse(404, 'there is no such page: use the address that txsim printed');
    const wanted = `${request.method ?? ''} ${what}`;
    switch (wanted) {
      case 'GET ':
        response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(this.#site.page());
        return;
      case 'GET events':
        if (this.#watchers.size >= MOST_WATCHERS) return refuse(503, `${MOST_WATCHERS} browsers watch already`);
        return this.#watch(response);
      case 'POST command':
        return this.#command(request, response, refuse);
      default:
        return refuse(404, 'there is nothing here');
    }
  }

  /** Whether a request was made to this machine's own name, and not by another site's page. */
  #isOurs({ headers }: IncomingMessage): boolean {
    const hosts = [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`];
    const { host = '', origin } = headers;
    if (!hosts.includes(host)) return false;
    if (origin !== undefined && !hosts.some((one) => origin === `http://${one}`)) return false;
    const site = headers['sec-fetch-site'];
    return site === undefined || site === 'same-origin' || site === 'none';
  }

  #watch(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', Connection: 'keep-alive' });
    // What a browser that lost its connection waits before it comes again, in milliseconds.
    response.write('retry: 1000\n\n');
    this.#watchers.add(response);
    response.once('close', () => this.#watchers.delete(response));
    response.on('error', () => this.#watchers.delete(response));
    this.#site.watch(response);
  }

  #command(request: IncomingMessage, response: ServerResponse, refuse: (status: number, text: string) => void): void {
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
      return refuse(415, 'expected application/json');
    }
    const parts: Buffer[] = [];
    let size = 0;
    request.on('error', () => response.destroy());
    request.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= LONGEST_COMMAND) parts.push(part);
    });
    request.on('end', () => {
      if (size > LONGEST_COMMAND) return refuse(413, 'that is no command: it is too long');
      try {
        this.#site.command(parse(Buffer.concat(parts).toString('utf8')));
        response.writeHead(204).end();
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        refuse(400, error.message);
      }
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError('expected JSON');
  }
}

/** Whether two texts are the same, in a time that does not tell how much of them is. */
function same(found: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(found), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}
