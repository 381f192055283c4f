import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildWorld, exportJsonLines, World, type Lan, type NetworkPort, type World as TheWorld } from 'txsim';
import dtlsEcho from '../../../apps/dtls-echo/scenario.ts';

/** A network of three ports; what each gets, with its time in milliseconds. */
function threePorts(options: Parameters<TheWorld['lan']>[0] = {}): {
  readonly world: TheWorld;
  readonly lan: Lan;
  readonly send: (from: string, number: number) => void;
  readonly got: string[];
} {
  const world = new World();
  const lan = world.lan({ name: 'lan', latency: '1ms', ...options });
  const got: string[] = [];
  const links = new Map(
    ['a', 'b', 'c'].map((name) => {
      const port: NetworkPort = {
        name,
        deliver: ({ bytes }) => void got.push(`${name} ${bytes[14] ?? 0} at ${world.clock.now / 1e6}`),
      };
      return [name, lan.attach(port)];
    }),
  );
  const send = (from: string, number: number): void => {
    const bytes = new Uint8Array(60).fill(255, 0, 6);
    bytes[14] = number;
    links.get(from)?.transmit(bytes);
  };
  return { world, lan, send, got };
}

describe('the next frame of a network', () => {
  it('is lost for everybody, and the one after it is not', () => {
    const { world, lan, send, got } = threePorts();
    const dropped: string[] = [];
    world.trace.listen(({ event }) => {
      if (event.type === 'frame-dropped') dropped.push(`${event.from} ${event.reason}`);
    });
    lan.dropNext();
    send('a', 1);
    send('b', 2);
    world.run();
    assert.deepEqual(got, ['a 2 at 1', 'c 2 at 1']);
    assert.deepEqual(dropped, ['a request']);
  });

  it('comes late', () => {
    const { world, lan, send, got } = threePorts();
    lan.delayNext('5ms');
    send('a', 1);
    send('a', 2);
    world.run();
    assert.deepEqual(got, ['b 2 at 1', 'c 2 at 1', 'b 1 at 6', 'c 1 at 6']);
  });

  it('comes late over a link of its own, too', () => {
    const { world, lan, send, got } = threePorts({ link: { latency: '2ms' } });
    lan.delayNext(5_000_000);
    send('a', 1);
    world.run();
    assert.deepEqual(got, ['b 1 at 10', 'c 1 at 10']);
  });

  it('is that of one port, where one is named', () => {
    const { world, lan, send, got } = threePorts();
    lan.dropNext('b');
    send('a', 1);
    send('b', 2);
    world.run();
    assert.deepEqual(got, ['b 1 at 1', 'c 1 at 1']);
  });

  it('is let through where the request was called off', () => {
    const { world, lan, send, got } = threePorts();
    lan.dropNext('a')();
    send('a', 1);
    world.run();
    assert.equal(got.length, 2);
  });

  it('has to be of a port that is there, and its delay a time', () => {
    const { lan } = threePorts();
    assert.throws(() => lan.dropNext('d'), /nothing named 'd' is plugged in/);
    assert.throws(() => lan.delayNext('soon'), /'soon' is no duration/);
  });

  it('can be waited for from a timeline, with the same result as by hand', () => {
    const traceOf = (prepare: (world: TheWorld) => void): readonly string[] => {
      const world = buildWorld(dtlsEcho, { seed: 5 });
      const lines: string[] = [];
      exportJsonLines(world.trace, (line) => lines.push(line));
      prepare(world);
      world.run({ until: '30s', stopWhen: () => dtlsEcho.stopWhen?.(world) === true });
      return lines;
    };
    let sentAt = -1;
    const byHand = traceOf((world) => {
      world.trace.listen(({ time, event }) => {
        if (event.type === 'dtls-flight' && event.flight === 3 && sentAt < 0) world.network('lan').dropNext('client');
        if (event.type === 'frame-dropped' && event.reason === 'request' && sentAt < 0) sentAt = time;
      });
    });
    assert(sentAt > 0);
    const planned = traceOf((world) => world.at(sentAt, () => world.network('lan').dropNext('client')));
    assert.deepEqual(planned, byHand);
  });
});
