import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import dtlsEcho from '../../../apps/dtls-echo/scenario.ts';
import { Axis, formatDuration, formatExact, formatMark, roundStep } from '../../../sim/report-page/page/axis.ts';
import { CALL_HEIGHT, explainRow, Layout, STATE_HEIGHT } from '../../../sim/report-page/page/layout.ts';
import { Model } from '../../../sim/report-page/page/model.ts';
import { thinOut } from '../../../sim/report-page/page/numbers.ts';
import { fromHash, toHash } from '../../../sim/report-page/page/permalink.ts';
import { Spans } from '../../../sim/report-page/page/spans.ts';
import { View } from '../../../sim/report-page/page/view.ts';
import { collectRun } from '../../support/report-model.ts';

const times = fc.array(fc.nat(1e10), { minLength: 1, maxLength: 60 }).map((list) => list.sort((a, b) => a - b));

function axisOf(list: readonly number[]): Axis {
  const axis = new Axis();
  for (const time of list) axis.push(time);
  return axis;
}

describe('the axis', () => {
  it('keeps the order of times, and gives a time back for its place, however time is laid out', () => {
    fc.assert(
      fc.property(times, fc.nat(1e10), fc.nat(1e10), fc.constantFrom('true', 'squeezed'), (list, one, other, mode) => {
        const axis = axisOf(list);
        const [early, late] = [Math.min(one, other), Math.max(one, other)];
        assert(axis.place(early, mode) <= axis.place(late, mode));
        const [first = 0, last = 0] = [list[0], list.at(-1)];
        const inside = Math.min(Math.max(one, first), last);
        const back = axis.time(axis.place(inside, mode), mode);
        assert(Math.abs(back - inside) <= 1 + inside * 1e-6, `${inside} came back as ${back}`);
      }),
    );
  });

  it('makes long gaps short where time is squeezed, and leaves short ones as they are', () => {
    const axis = axisOf([0, 500, 1e9 + 500, 1e9 + 1000]);
    const place = (time: number): number => axis.place(time, 'squeezed');
    assert.equal(place(500) - place(0), 500);
    assert(place(1e9 + 500) - place(500) < 20_000);
    assert(Math.abs(place(1e9 + 1000) - place(1e9 + 500) - 500) < 1e-6);
  });

  it('writes times as people read them', () => {
    for (const [time, text] of [
      [0, '0 ns'],
      [1, '1 ns'],
      [1500, '1.5 µs'],
      [1_019_000, '1.019 ms'],
      [2.5e9, '2.5 s'],
    ] as const) {
      assert.equal(formatDuration(time), text);
    }
    assert.equal(formatExact(1_116_591_001), '1.116 591 001');
    assert.equal(formatMark(1.5e9, 5e8, 20e9), '1.5 s');
    assert.equal(formatMark(103_250_000, 50_000, 110e6), '103.25 ms');
    for (const least of [1, 3, 17, 999, 123_456]) {
      const step = roundStep(least);
      assert(step >= least && step <= least * 5 && /^[125]0*$/.test(String(step)), `${least}: ${step}`);
    }
  });
});

/** Calls within calls as a thread makes them: each begins and ends within the one around it. */
const calls = fc.letrec<{ tree: readonly unknown[] }>((tie) => ({
  tree: fc.array(fc.oneof({ maxDepth: 3 }, fc.constant([]), tie('tree')), { maxLength: 4 }),
})).tree;

describe('spans in a lane', () => {
  it('are put in the order of their starts, with the depth at which they are called', () => {
    fc.assert(
      fc.property(calls, (tree) => {
        const spans = new Spans(axisOf([0, 1e6]));
        const expected: { start: number; end: number; depth: number }[] = [];
        let now = 0;
        const call = (children: readonly unknown[], depth: number): void => {
          const start = ++now;
          for (const child of children) call(child as readonly unknown[], depth + 1);
          const end = ++now;
          // The end is when a trace tells of a call.
          expected.push({ start, end, depth });
          spans.add(start, end, expected.length - 1);
        };
        for (const child of tree) call(child as readonly unknown[], 0);
        expected.sort((a, b) => a.start - b.start);
        assert.deepEqual(
          [...spans.starts('true')],
          expected.map(({ start }) => start),
        );
        assert.deepEqual(
          [...spans.ends('true')],
          expected.map(({ end }) => end),
        );
        assert.deepEqual(
          spans.depths,
          expected.map(({ depth }) => depth),
        );
        for (let time = 0; time <= now; time++) {
          const first = expected.findIndex(({ end }) => end >= time);
          assert.equal(spans.firstFrom(time), first < 0 ? expected.length : first);
          const innermost = expected.filter(({ start, end }) => start <= time && time <= end);
          const deepest = Math.max(-1, ...innermost.map(({ depth }) => depth));
          const found = spans.innermostAt(time);
          assert.equal(found < 0 ? -1 : spans.depths[found], deepest);
        }
      }),
    );
  });

  it('do not take what took no time for the caller of what came before it', () => {
    const spans = new Spans(axisOf([0]));
    for (let nth = 0; nth < 5; nth++) spans.add(0, 0, nth);
    assert.deepEqual(spans.depths, [0, 0, 0, 0, 0]);
  });
});

describe('the layout', () => {
  const { model } = collectRun(dtlsEcho);

  it('has rows without gaps or overlaps in a device, and says of each what it shows', () => {
    const { rows, height } = new Layout(model, new Set());
    let bottom = 0;
    for (const row of rows) {
      assert(row.y >= bottom, JSON.stringify([row.kind, row.y, bottom]));
      bottom = row.y + row.height;
      assert(explainRow(row).length > 20);
    }
    assert(height >= bottom);
    const names = rows.flatMap((row) => (row.kind === 'lane' ? [`${row.owner} ${row.lane.info.name}`] : []));
    assert(names.includes('server IP thread') && names.includes('client frames'));
    assert(rows.some((row) => row.kind === 'level' && row.level.name === 'main pool'));
  });

  it('has room for callbacks that go on, which are over when they end', () => {
    const { chunks } = collectRun(dtlsEcho, { chunkEvents: 1 });
    const growing = new Model();
    const open = (): readonly string[] =>
      growing.lanes.flatMap(({ open: events, info }) =>
        events.map((event) => `${info.owner} ${info.name} ${growing.string(growing.name.at(event))}`),
      );
    const ipRow = (): number =>
      new Layout(growing, new Set()).rows.find((row) => row.kind === 'lane' && row.lane.info.kind === 'ip')?.height ??
      0;
    let at = 0;
    const goOn = (until: () => boolean): void => {
      for (let before = growing.count; at < chunks.length; before = growing.count) {
        growing.append(chunks[at++] ?? assert.fail());
        if (growing.count > before && until()) return;
      }
    };
    goOn(() => open().some((one) => one.includes('IP thread')));
    assert.deepEqual(open(), ['server IP thread receive_notify']);
    assert(ipRow() >= CALL_HEIGHT + STATE_HEIGHT, `the row is ${ipRow()} pixels high`);
    goOn(() => open().length === 2);
    assert.deepEqual(open(), ['server IP thread receive_notify', 'server IP thread connect_notify']);
    goOn(() => false);
    assert.deepEqual(open(), []);
    assert.equal(
      ipRow(),
      new Layout(model, new Set()).rows.find((row) => row.kind === 'lane' && row.lane.info.kind === 'ip')?.height,
    );
  });

  it('thins out what is too much for a picture over its whole width, and keeps what matters', () => {
    const all = Array.from({ length: 10_000 }, (_, nth) => nth);
    assert.deepEqual(
      thinOut(all.slice(0, 100), 100, () => false),
      all.slice(0, 100),
    );
    const some = thinOut(all, 3000, (one) => one === 9999 || one === 5);
    assert(some.length <= 3000 && some.length > 2000, String(some.length));
    assert(some.includes(5) && some.includes(9999) && (some.at(-2) ?? 0) > 9990);
  });

  it('has one row for a folded device, where its frames still begin and end', () => {
    const folded = new Layout(model, new Set(['server']));
    assert.deepEqual(
      folded.rows.filter(({ owner }) => owner === 'server').map(({ kind }) => kind),
      ['owner'],
    );
    const [row] = folded.rows;
    const wire = folded.wires.get('server') ?? -1;
    assert(row !== undefined && wire > row.y && wire < row.y + row.height);
    assert(folded.height < new Layout(model, new Set()).height);
  });

  it('keeps in sight what there is, however far somebody zooms and moves', () => {
    const view = new View(model);
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.double({ min: 0.01, max: 100, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true })),
        ),
        (moves) => {
          view.fit();
          for (const [factor, part] of moves) {
            view.zoom(factor);
            view.pan(part);
            const middle = (view.from + view.to) / 2;
            const [first, last] = [0, model.axis.place(model.lastTime, view.mode)];
            assert(view.to > view.from && middle >= first - 1 && middle <= last + 1);
          }
        },
      ),
    );
  });
});

describe('a link to a place in the page', () => {
  it('holds what is selected, what is in sight and the filter', () => {
    fc.assert(
      fc.property(
        fc.record({
          event: fc.integer({ min: -1, max: 1e6 }),
          window: fc.option(
            fc.tuple(
              fc.nat(1e6),
              fc.nat(1e9).map((by) => by + 1e6 + 1),
            ),
          ),
          filter: fc.string(),
          mode: fc.constantFrom('true', 'squeezed'),
        }),
        (place) => assert.deepEqual(fromHash(`#${toHash(place)}`), { ...place }),
      ),
    );
  });

  it('may be any text', () => {
    fc.assert(
      fc.property(fc.string(), (hash) => {
        const { event, window } = fromHash(hash);
        assert(Number.isInteger(event) && (window === null || window[0] < window[1]));
      }),
    );
  });
});
