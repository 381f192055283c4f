import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  burstLoss,
  captureKeyLog,
  capturePcapng,
  onEtherType,
  onUdpPort,
  World,
  type Lan,
  type LanOptions,
  type Link,
  type PortLinkOptions,
  type SimulationEvent,
} from 'txsim';
import { buildUdpFrame } from '../../../sim/host/udp-frame.ts';
import { numberedFrame } from '../../support/network-hosts.ts';

const EVERYTHING: LanOptions = {
  latency: '200us',
  jitter: '300us',
  loss: burstLoss(0.1, 3),
  duplicate: 0.1,
  reorder: 0.1,
  corrupt: 0.1,
  bandwidth: '10Mbit/s',
  queue: 5,
};

/** Plugs ports in that take what comes. */
const plug = (lan: Lan, names: readonly string[]): readonly Link[] =>
  names.map((name) => lan.attach({ name, deliver: () => undefined }));

function drain(world: World): void {
  while (world.clock.runNext());
}

/** What happens to frames of `a` to `b`, while the others talk as well. */
function story(seed: number, names: readonly string[]): readonly string[] {
  const world = new World({ seed });
  const lines: string[] = [];
  world.trace.listen(({ time, event }) => {
    if (event.type === 'frame-sent' && event.from === 'a') lines.push(`${time} sent ${event.lost ?? ''}`);
    if (event.type !== 'frame-delivered' || event.from !== 'a' || event.to !== 'b') return;
    lines.push(`${time} ${event.faults.join()} ${Buffer.from(event.bytes).toString('hex')}`);
  });
  const lan = world.lan(EVERYTHING);
  const links = plug(lan, names);
  for (let mark = 0; mark < 300; mark++) {
    world.clock.now += 100_000;
    links.forEach((link, from) =>
      link.transmit(numberedFrame(from, mark % 5 === 0 ? 'all' : (from + 1) % 2, 80, mark)),
    );
  }
  drain(world);
  return lines;
}

describe('faults', () => {
  it('are the same for the same seed', () => {
    const first = story(1, ['a', 'b', 'c']);
    assert.deepEqual(story(1, ['a', 'b', 'c']), first);
    assert.notDeepEqual(story(2, ['a', 'b', 'c']), first);
    assert(first.some((line) => line.includes('corrupted')));
    assert(first.some((line) => line.includes('reordered')));
    assert(first.some((line) => line.includes('duplicated')));
    assert(first.some((line) => line.endsWith('sent loss')));
  });

  it('of some do not change because others are there too', () => {
    assert.deepEqual(story(1, ['a', 'b', 'c', 'd', 'e']), story(1, ['a', 'b']));
  });

  it('have their share', () => {
    const world = new World();
    const lan = world.lan({ duplicate: 0.2, reorder: 0.3, corrupt: 0.1 });
    const counts = { corrupted: 0, duplicated: 0, delayed: 0, reordered: 0 };
    world.trace.listen(({ event }) => {
      if (event.type === 'frame-fault') counts[event.fault]++;
    });
    const [link] = plug(lan, ['a', 'b']);
    for (let mark = 0; mark < 10_000; mark++) link?.transmit(numberedFrame(1, 2, 60, mark));
    drain(world);
    const near = (found: number, expected: number): void =>
      assert(Math.abs(found - expected) < expected * 0.1, `${found} of ${expected}`);
    near(counts.corrupted, 1000);
    near(counts.duplicated, 2000);
    // A copy may be overtaken as well.
    near(counts.reordered, 3600);
    assert.equal(counts.delayed, 0);
  });

  it('are told with the frame that they touch, and in its capture', () => {
    const world = new World();
    const lan = world.lan({
      rules: [
        ({ to }) => {
          if (to === 'b') return { action: 'delay', by: 2e6 };
          return to === 'c' ? { action: 'corrupt' } : { action: 'drop' };
        },
      ],
    });
    const events: SimulationEvent[] = [];
    const chunks: Uint8Array[] = [];
    world.trace.listen(({ event }) => void events.push(event));
    capturePcapng(world.trace, ['lan'], (chunk) => chunks.push(chunk));
    const [link] = plug(lan, ['a', 'b', 'c', 'd']);
    link?.transmit(numberedFrame(1, 'all'));
    assert.deepEqual(
      events.map(({ type }) => type),
      ['frame-sent', 'frame-fault', 'frame-fault', 'frame-dropped'],
    );
    const [sent, ...faults] = events;
    assert(sent?.type === 'frame-sent');
    assert.deepEqual(sent.faults, faults);
    const comment = 'delayed on its way to b by 2 ms; corrupted on its way to c; lost on its way to d: rule';
    assert(Buffer.concat(chunks).includes(comment));
  });

  it('cost no event where nobody listens for frames', () => {
    const world = new World();
    assert.equal(world.trace.frames, false);
    captureKeyLog(world.trace, () => undefined);
    assert.equal(world.trace.frames, false);
    const end = world.trace.listen(() => undefined);
    assert.equal(world.trace.frames, true);
    end();
    end();
    assert.equal(world.trace.frames, false);
  });

  it('can be meant for some frames only', () => {
    const world = new World();
    const drops: number[] = [];
    const lan = world.lan({
      rules: [onUdpPort(53, () => ({ action: 'drop' })), onEtherType(0x88b5, () => ({ action: 'drop' }))],
    });
    world.trace.listen(({ event }) => {
      if (event.type === 'frame-dropped') drops.push(event.bytes.length);
    });
    const [link] = plug(lan, ['a', 'b']);
    const [one, two] = [
      { msw: 0x0200, lsw: 1 },
      { msw: 0x0200, lsw: 2 },
    ];
    const ends = { source: 1, destination: 2 };
    for (const [sourcePort, destinationPort, length] of [
      [53, 9, 100],
      [9, 53, 101],
      [9, 9, 102],
    ] as const) {
      link?.transmit(
        buildUdpFrame({ ...ends, sourcePort, destinationPort, payload: new Uint8Array(length) }, one, two, 1),
      );
    }
    link?.transmit(numberedFrame(1, 2, 60).fill(0, 12, 14));
    link?.transmit(
      Uint8Array.from(numberedFrame(1, 2, 61))
        .fill(0x88, 12, 13)
        .fill(0xb5, 13, 14),
    );
    drain(world);
    assert.deepEqual(drops, [142, 143, 61]);
  });
});

const probability = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true }));
const linkOptions = fc.record(
  {
    latency: fc.integer({ min: 0, max: 3_000_000 }),
    jitter: fc.integer({ min: 0, max: 3_000_000 }),
    loss: fc.oneof(
      probability,
      fc.record({ goodToBad: probability, badToGood: probability, lossInBad: probability, lossInGood: probability }),
    ),
    duplicate: probability,
    reorder: probability,
    corrupt: probability,
    frameCheck: fc.boolean(),
    bandwidth: fc.integer({ min: 100_000, max: 1_000_000_000 }),
    queue: fc.integer({ min: 0, max: 20 }),
    mtu: fc.integer({ min: 46, max: 200 }),
  },
  { requiredKeys: [] },
);

type Action =
  | { readonly kind: 'send'; readonly from: number; readonly to: number; readonly length: number }
  | { readonly kind: 'set'; readonly options: PortLinkOptions }
  | { readonly kind: 'link'; readonly port: number; readonly options: PortLinkOptions }
  | { readonly kind: 'plug'; readonly port: number; readonly isUp: boolean }
  | { readonly kind: 'cut'; readonly from: number; readonly to: number; readonly oneWay: boolean }
  | { readonly kind: 'heal' }
  | { readonly kind: 'run'; readonly events: number };

const PORTS = 6;
const port = fc.nat(PORTS - 1);
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      from: port,
      to: fc.nat(PORTS + 1),
      length: fc.integer({ min: 0, max: 220 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('set' as const), options: linkOptions }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('link' as const), port, options: linkOptions }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('plug' as const), port, isUp: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('cut' as const), from: port, to: port, oneWay: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('heal' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('run' as const), events: fc.nat(40) }) },
);

/** Plays actions on two switches with a trunk; gives a hash of everything that happened, and checks that it adds up. */
function play(options: LanOptions, actions: readonly Action[]): string {
  const world = new World({ seed: 3 });
  const hash = createHash('sha256');
  const balance = { begun: 0, delivered: 0, dropped: 0 };
  world.trace.listen(({ time, event }) => {
    hash.update(`${time} ${event.type} ${'network' in event ? event.network : ''}`);
    if (event.type === 'frame-delivered') balance.delivered++;
    else if (event.type === 'frame-dropped') balance.dropped++;
    else if (event.type === 'frame-fault' && event.fault === 'duplicated') balance.begun++;
    if ('bytes' in event) hash.update(event.bytes);
  });
  const lans = [world.lan({ ...options, link: { latency: 10_000 } }), world.lan(options)] as const;
  world.trunk(lans[0], lans[1], { latency: 5000 });
  const names = Array.from({ length: PORTS }, (_, number) => `p${number}`);
  const home = (number: number): Lan => lans[number % 2 === 0 ? 0 : 1];
  const links = names.map((name, number) => home(number).attach({ name, deliver: () => undefined }));
  for (const one of actions) {
    if (one.kind === 'send') {
      links[one.from]?.transmit(
        numberedFrame(one.from, one.to < PORTS ? one.to : 'all', Math.max(16, one.length)).subarray(0, one.length),
      );
    } else if (one.kind === 'set') lans[0].set(one.options);
    else if (one.kind === 'link') links[one.port]?.set(one.options);
    else if (one.kind === 'plug') {
      if (one.isUp) links[one.port]?.up();
      else links[one.port]?.down();
    } else if (one.kind === 'cut')
      home(one.from).partition(`p${one.from}`, `p${(one.to >> 1) * 2 + (one.from % 2)}`, one.oneWay);
    else if (one.kind === 'heal') lans.forEach((lan) => lan.heal());
    else for (let count = 0; count < one.events; count++) world.clock.runNext();
  }
  drain(world);
  assert.deepEqual(
    lans.map(({ inFlight }) => inFlight),
    [0, 0],
  );
  hash.update(JSON.stringify(balance));
  return hash.digest('hex');
}

describe('any network', () => {
  it('never fails, loses track of nothing, and does the same again', () => {
    fc.assert(
      fc.property(linkOptions, fc.array(action, { maxLength: 80 }), (options, actions) => {
        assert.equal(play(options, actions), play(options, actions));
      }),
      { numRuns: 150 },
    );
  });

  it('keeps account of every copy: sent to each receiver, and delivered, dropped, or on its way', () => {
    fc.assert(
      fc.property(
        linkOptions,
        fc.array(fc.nat(PORTS - 1), { maxLength: 60 }),
        fc.nat(100),
        (options, senders, events) => {
          const world = new World();
          // For each copy of a frame for one port: how many were made, and how many came to an end.
          const balance = { made: 0, ended: 0 };
          world.trace.listen(({ event }) => {
            if (event.type === 'frame-sent') balance.made += PORTS - 1;
            if (event.type === 'frame-fault' && event.fault === 'duplicated') balance.made++;
            if (event.type === 'frame-delivered') balance.ended++;
            if (event.type === 'frame-dropped') balance.ended += event.to === null ? PORTS - 1 : 1;
          });
          const lan = world.lan(options);
          const links = plug(
            lan,
            Array.from({ length: PORTS }, (_, number) => `p${number}`),
          );
          lan.partition('p1', ['p2', 'p3']);
          for (const from of senders) {
            links[from]?.transmit(numberedFrame(from, 'all', 100));
            assert.equal(balance.made - balance.ended, lan.inFlight);
          }
          for (let count = 0; count < events && world.clock.runNext(); count++) {
            assert.equal(balance.made - balance.ended, lan.inFlight);
          }
          drain(world);
          assert.equal(balance.made, balance.ended);
        },
      ),
      { numRuns: 150 },
    );
  });
});
