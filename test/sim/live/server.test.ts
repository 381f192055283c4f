import assert from 'node:assert/strict';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';
import { buildWorld } from 'txsim';
import dtlsEcho from '../../../apps/dtls-echo/scenario.ts';
import { LiveHost } from '../../../sim/live/host.ts';
import type { LiveState } from '../../../sim/live/messages.ts';

/** A request as it is, with headers that `fetch` would not send. */
async function ask(
  url: string,
  options: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string } = {},
): Promise<{ readonly status: number; readonly text: string; readonly headers: NodeJS.Dict<string | string[]> }> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const sent = request(url, { method, headers }, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const JSON_HEADERS = { 'Content-Type': 'application/json' };

/** A browser that watches. */
class Watcher {
  readonly #abort = new AbortController();
  text = '';

  async open(url: string): Promise<void> {
    const { body } = await fetch(`${url}events`, { signal: this.#abort.signal });
    assert(body !== null);
    const decoder = new TextDecoder();
    void (async () => {
      try {
        for await (const part of body as unknown as AsyncIterable<Uint8Array>) this.text += decoder.decode(part);
      } catch {
        // Closed.
      }
    })();
  }

  /** What came by a name, last first. */
  last(name: string): unknown {
    const found = [...this.text.matchAll(new RegExp(`event: ${name}\ndata: (.*)\n\n`, 'g'))].at(-1)?.[1];
    return found === undefined ? null : JSON.parse(found);
  }

  /** The chunks in order. */
  get chunks(): readonly string[] {
    return [...this.text.matchAll(/event: chunk\ndata: (.*)\n\n/g)].map(([, data = '']) => data);
  }

  async state(holds: (state: LiveState) => boolean): Promise<LiveState> {
    for (const end = Date.now() + 30_000; ;) {
      const state = this.last('state') as LiveState | null;
      if (state !== null && holds(state)) return state;
      if (Date.now() > end) throw new Error(`waited in vain, at ${JSON.stringify(state)}`);
      await sleep(10);
    }
  }

  close(): void {
    this.#abort.abort();
  }
}

describe('the page of a run that goes on', () => {
  let host: LiveHost;
  let url = '';
  let watched: Promise<unknown>;
  const command = (json: object): ReturnType<typeof ask> =>
    ask(`${url}command`, { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(json) });

  before(async () => {
    host = await LiveHost.open({ title: 'a run', description: '', command: '', version: '' }, 0);
    ({ url } = host);
    const world = buildWorld(dtlsEcho, { seed: 7 });
    watched = host.watch(world, { until: '30s', stopWhen: () => dtlsEcho.stopWhen?.(world) === true });
  });
  after(() => host.close());

  it('is on the loopback interface, behind a secret', async () => {
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{24}\/$/);
    const { status, text, headers } = await ask(url);
    assert.equal(status, 200);
    assert.match(text, /connect-src 'self'/);
    assert.match(text, /default-src 'none'/);
    assert.doesNotMatch(text, /(src|href)="(?!data:)/);
    assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/);
    const port = new URL(url).port;
    for (const path of ['/', '/x/', `/${'A'.repeat(24)}/`, '/../', `/${'A'.repeat(24)}/events`]) {
      assert.equal((await ask(`http://127.0.0.1:${port}${path}`)).status, 404, path);
    }
  });

  const refused: readonly (readonly [what: string, status: number, options: Parameters<typeof ask>[1]])[] = [
    ['another host’s name', 403, { headers: { Host: 'evil.example' } }],
    [
      'another site’s page',
      403,
      { method: 'POST', headers: { ...JSON_HEADERS, Origin: 'http://evil.example' }, body: '{}' },
    ],
    ['a form of another site', 403, { headers: { 'Sec-Fetch-Site': 'cross-site' } }],
    ['a command that is no JSON', 415, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: '{}' }],
    ['a command that cannot be read', 400, { method: 'POST', headers: JSON_HEADERS, body: '{' }],
    ['a command that is too long', 413, { method: 'POST', headers: JSON_HEADERS, body: `"${'x'.repeat(5000)}"` }],
    ['another method', 404, { method: 'DELETE' }],
  ];
  for (const [what, status, options] of refused) {
    it(`refuses ${what}`, async () => {
      const answer = await ask(options?.method === 'POST' ? `${url}command` : url, options);
      assert.equal(answer.status, status, answer.text);
      assert.equal(answer.text.trim().split('\n').length, 1);
    });
  }

  it('does what browsers ask for, and tells them all, also those that come late', async () => {
    const [early, late] = [new Watcher(), new Watcher()];
    await early.open(url);
    assert.equal((await early.state(({ mode }) => mode === 'paused')).now, 0);
    assert.equal((await command({ do: 'step', kind: 'frame' })).status, 204);
    await early.state(({ mode, now }) => mode === 'paused' && now > 0);
    assert.equal((await command({ do: 'drop', from: 'server' })).status, 204);
    await command({ do: 'match', filter: 'type:frame-dropped reason:request' });
    const state = await early.state(({ done }) => done.length === 1);
    assert.match(state.done[0] ?? '', /dropNext\('server'\)/);
    await late.open(url);
    await late.state(({ done }) => done.length === 1);
    assert.deepEqual(late.chunks, early.chunks);
    assert(late.chunks.length > 0);
    const { status, text } = await command({ do: 'match', filter: 'no:where' });
    assert.equal(status, 400);
    assert.match(text, /unknown key 'no'/);
    early.close();
    late.close();
  });

  it('costs nothing while the run is paused', async () => {
    const before = process.cpuUsage();
    await sleep(1000);
    const { user, system } = process.cpuUsage(before);
    // Milliseconds of a second in which nothing was to do; the test runner has its own.
    assert((user + system) / 1000 < 150, `${(user + system) / 1000} ms`);
  });

  it('plays at the pace that is asked for', async () => {
    const watcher = new Watcher();
    await watcher.open(url);
    const { now: from } = await watcher.state(({ mode }) => mode === 'paused');
    await command({ do: 'speed', speed: 0.5 });
    await command({ do: 'play' });
    await sleep(600);
    await command({ do: 'pause' });
    const { now: to } = await watcher.state(({ mode }) => mode === 'paused');
    assert(to - from > 0 && to - from < 0.9e9, `${(to - from) / 1e6} ms`);
    watcher.close();
  });

  it('ends with a summary, and is there after that', async () => {
    const watcher = new Watcher();
    await watcher.open(url);
    await command({ do: 'speed', speed: 'max' });
    await command({ do: 'play' });
    await watcher.state(({ mode }) => mode === 'ended');
    const { ending } = (await watched) as { readonly ending: { readonly kind: string } };
    assert.equal(ending.kind, 'result');
    const ended = (): string => (watcher.last('summary') as { readonly ending: string } | null)?.ending ?? '';
    for (let turn = 0; turn < 100 && ended() !== 'stopped'; turn++) await sleep(20);
    assert.equal(ended(), 'stopped');
    const { status, text } = await command({ do: 'play' });
    assert.equal(status, 400);
    assert.match(text, /the run has ended/);
    assert.equal((await ask(url)).status, 200);
    const again = host.afterwards();
    assert.equal((await command({ do: 'restart' })).status, 204);
    assert.equal(await again, 'restart');
    watcher.close();
  });
});
