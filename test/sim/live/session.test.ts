import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildWorld, exportJsonLines, heal, linkDown, linkUp, partition, reboot, type Verb, type World } from 'txsim';
import dtlsEcho from '../../../apps/dtls-echo/scenario.ts';
import { Backlog } from '../../../sim/live/backlog.ts';
import { CommandError, readCommand } from '../../../sim/live/protocol.ts';
import { LiveSession } from '../../../sim/live/session.ts';
import { ReportCollector } from '../../../sim/report-page/collector.ts';
import type { ReportChunk } from '../../../sim/report-page/data.ts';

const always = (): boolean => true;

function open(seed = 7): { readonly world: World; readonly session: LiveSession; readonly trace: string[] } {
  const world = buildWorld(dtlsEcho, { seed });
  const trace: string[] = [];
  exportJsonLines(world.trace, (line) => trace.push(line));
  const session = new LiveSession(world, { until: '30s', stopWhen: () => dtlsEcho.stopWhen?.(world) === true });
  return { world, session, trace };
}

/** Does a command, and everything that it is about. */
function run(session: LiveSession, json: object): void {
  const command = readCommand(json);
  assert(command.do !== 'restart');
  session.command(command);
  for (let slices = 0; !session.isIdle && slices < 100; slices++) session.slice(Infinity, always);
}

describe('a run that is watched', () => {
  it('is paused at its beginning, steps, runs to a time, to an event, and to its end', () => {
    const { session, trace } = open();
    assert.deepEqual([session.state.mode, session.state.now, trace.length], ['paused', 0, 0]);
    run(session, { do: 'step', kind: 'frame' });
    assert.match(trace.at(-1) ?? '', /frame-sent|packet|thread|service/);
    assert.equal(trace.filter((line) => line.includes('"frame-')).length, 1);
    assert.equal(session.state.mode, 'paused');
    run(session, { do: 'until', time: '101ms' });
    assert.deepEqual([session.state.mode, session.state.now], ['paused', 101e6]);
    run(session, { do: 'match', filter: 'type:dtls-connected device:client' });
    assert.equal(
      trace.filter((line) => line.includes('dtls-connected') && line.includes('"device":"client"')).length,
      1,
    );
    run(session, { do: 'play' });
    assert.equal(session.state.mode, 'ended');
    assert(session.ending?.kind === 'result');
    assert.equal(session.ending.result.reason, 'stopped');
  });

  it('has a pace of its own while it plays, and none on the way to a goal', () => {
    const { session } = open();
    session.command({ do: 'speed', speed: 0.1 });
    session.command({ do: 'play' });
    assert.equal(session.pace, 0.1);
    session.slice(50e6, always);
    assert.equal(session.state.now, 50e6);
    session.command({ do: 'until', time: 2e9 });
    assert.deepEqual([session.pace, session.state.goal], [Infinity, 'until 2.000000 s']);
    session.command({ do: 'pause' });
    assert(session.isIdle);
    session.command({ do: 'speed', speed: 'max' });
    session.command({ do: 'play' });
    assert.equal(session.pace, Infinity);
  });

  it('leaves a slice where it is told to, and goes on from there', () => {
    const { session } = open();
    session.command({ do: 'match', filter: 'type:dtls-closed' });
    let slices = 0;
    for (; !session.isIdle; slices++) session.slice(Infinity, () => false);
    assert(slices > 100, `${slices}`);
    assert.equal(session.state.mode, 'paused');
  });

  it('tells of faults by hand as a timeline that does the same again', () => {
    const { session, trace } = open();
    run(session, { do: 'match', filter: 'type:dtls-flight flight:3' });
    session.command({ do: 'drop' });
    session.command({ do: 'delay', by: 40e6, from: 'server', network: 'lan' });
    assert.deepEqual(session.state.waiting, ['drop the next frame', 'delay by 40ms the next frame of server on lan']);
    run(session, { do: 'play' });
    assert.deepEqual(session.state.waiting, []);
    const { done: faults } = session.state;
    assert.equal(faults.length, 2);
    const again = open();
    for (const line of faults) {
      const [, at, kind, rest = ''] =
        /^\{ at: (\d+), do: \(world\) => world\.network\('lan'\)\.(\w+)\((.*)\) \},$/.exec(line) ?? [];
      const values = rest.split(', ').map((one) => one.slice(1, -1));
      again.world.at(Number(at), (world) => {
        const lan = world.network('lan');
        if (kind === 'dropNext') lan.dropNext(values[0]);
        else lan.delayNext(values[0] ?? '', values[1]);
      });
    }
    run(again.session, { do: 'play' });
    assert.deepEqual(again.trace, trace);
    assert(trace.some((line) => line.includes('"reason":"request"')));
  });

  it('tells of verbs by hand as a timeline that does the same again', () => {
    const { session, trace, world } = open();
    run(session, { do: 'match', filter: 'type:dtls-flight flight:3' });
    run(session, { do: 'partition', network: 'lan', one: 'client', other: 'server' });
    assert.deepEqual(session.state.next, ['partition of lan: client <-> server']);
    assert.equal(session.state.done.length, 0);
    run(session, { do: 'until', time: '300ms' });
    assert.equal(session.state.next.length, 0);
    run(session, { do: 'heal', network: 'lan' });
    run(session, { do: 'linkDown', device: 'client' });
    run(session, { do: 'until', time: '500ms' });
    run(session, { do: 'linkUp', device: 'client' });
    run(session, { do: 'match', filter: 'type:dtls-connected device:client' });
    run(session, { do: 'reboot', device: 'client' });
    run(session, { do: 'play' });
    const { done } = session.state;
    assert.deepEqual(
      done.map((line) => line.replace(/\d+/, 'T')),
      [
        "{ at: T, do: partition('lan', 'client', 'server') },",
        "{ at: T, do: heal('lan') },",
        "{ at: T, do: linkDown('client') },",
        "{ at: T, do: linkUp('client') },",
        "{ at: T, do: reboot('client') },",
      ],
    );
    assert.equal(world.devices.get('client')?.boots, 2);
    const verbs = { partition, heal, linkDown, linkUp, reboot };
    const again = open();
    for (const line of done) {
      const [, at, name = '', values = ''] = /^\{ at: (\d+), do: (\w+)\((.*)\) \},$/.exec(line) ?? [];
      const make = Object.entries(verbs).find(([one]) => one === name)?.[1] as
        ((...names: readonly string[]) => Verb) | undefined;
      assert(make !== undefined);
      again.world.at(Number(at), make(...values.split(', ').map((one) => one.slice(1, -1))));
    }
    run(again.session, { do: 'play' });
    assert.deepEqual(again.trace, trace);
  });

  it('calls faults off', () => {
    const { session, trace } = open();
    session.command({ do: 'drop', from: 'client' });
    session.command({ do: 'disarm' });
    assert.deepEqual(session.state.waiting, []);
    run(session, { do: 'play' });
    assert(!trace.some((line) => line.includes('"reason":"request"')));
  });

  const refused: readonly (readonly [command: unknown, message: RegExp])[] = [
    [null, /expected a command/],
    [{ do: 'fly' }, /there is no command "fly"/],
    [{ do: 'step', kind: 'mile' }, /expected event, thread or frame/],
    [{ do: 'speed', speed: 0 }, /expected 0\.001 to 1000000, or max/],
    [{ do: 'speed', speed: NaN }, /expected 0\.001/],
    [{ do: 'until', time: 'noon' }, /run to: expected a time such as 10ms or 2s, found "noon"/],
    [{ do: 'until', time: -1 }, /expected a time/],
    [{ do: 'match', filter: '' }, /expected what to look for/],
    [{ do: 'match', filter: 'typo:x' }, /'typo:x' has an unknown key 'typo'/],
    [{ do: 'match', filter: 'x'.repeat(600) }, /expected a text/],
    [{ do: 'drop', from: 'nobody' }, /nothing named 'nobody' is plugged in there/],
    [{ do: 'drop', network: 'nowhere' }, /there is no network 'nowhere'/],
    [{ do: 'reboot' }, /reboot: expected the name of a device/],
    [{ do: 'reboot', device: 'nobody' }, /reboot: there is no device 'nobody'/],
    [{ do: 'linkDown', device: 7 }, /device: expected a text/],
    [{ do: 'linkUp', device: 'router' }, /linkUp: there is no device 'router'/],
    [{ do: 'heal', network: 'nowhere' }, /heal: there is no network 'nowhere'/],
    [{ do: 'partition', network: 'lan', one: 'client' }, /partition: expected one and the other/],
    [{ do: 'partition', one: 'client', other: 'server' }, /partition: expected the name of a network/],
    [{ do: 'partition', network: 'lan', one: 'client', other: 'client' }, /expected two devices, found 'client' twice/],
    [{ do: 'partition', network: 'lan', one: 'client', other: 'x' }, /nothing named 'x' is plugged into network 'lan'/],
    [{ do: 'delay', by: {} }, /delay: expected a time/],
  ];
  for (const [command, message] of refused) {
    it(`refuses ${JSON.stringify(command).slice(0, 60)}`, () => {
      const { session } = open();
      assert.throws(
        () => run(session, command as object),
        (error) => error instanceof CommandError && message.test(error.message),
      );
      assert.equal(session.state.mode, 'paused');
    });
  }

  it('refuses to go back, and to go on after its end', () => {
    const { session } = open();
    run(session, { do: 'until', time: '1s' });
    assert.throws(() => run(session, { do: 'until', time: '1ms' }), /it is 1\.000000 s already/);
    run(session, { do: 'play' });
    assert.throws(() => run(session, { do: 'step', kind: 'event' }), /the run has ended/);
  });
});

describe('the backlog of a run', () => {
  it('keeps what fits, and the lanes of what does not', () => {
    const chunks: ReportChunk[] = [];
    const backlog = new Backlog(12_000);
    const collector = new ReportCollector(
      (chunk) => {
        chunks.push(chunk);
        backlog.add(chunk);
      },
      { chunkEvents: 50 },
    );
    const { world, session } = open();
    world.trace.listen(collector.listener, { detail: true });
    run(session, { do: 'play' });
    collector.flush();
    assert(backlog.first > 0 && backlog.cut > 0);
    assert.equal(backlog.end, chunks.length);
    assert.equal(backlog.cut, chunks[backlog.first]?.first);
    const kept = Array.from({ length: backlog.end - backlog.first }, (_, nth) => backlog.at(backlog.first + nth));
    assert(kept.join('').length <= 12_000);
    assert.equal(backlog.at(0), undefined);
    const preface = JSON.parse(backlog.preface() ?? '{}') as ReportChunk;
    const lanes = chunks.slice(0, backlog.first).flatMap((chunk) => chunk.lanes.map(({ id }) => id));
    assert.deepEqual(new Set(preface.lanes.map(({ id }) => id)), new Set(lanes));
    assert.equal(preface.first, backlog.cut);
  });
});
