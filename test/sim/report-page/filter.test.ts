import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import dtlsEcho from '../../../apps/dtls-echo/scenario.ts';
import { PageFilter } from '../../../sim/report-page/page/filter.ts';
import { Model } from '../../../sim/report-page/page/model.ts';
import { FILTER_WORDS } from '../../../sim/trace/event-words.ts';
import { parseFilter } from '../../../sim/trace/filter.ts';
import { collectRun } from '../../support/report-model.ts';

const { model } = collectRun(dtlsEcho);

/** The events that a filter lets through. */
function through(text: string): readonly number[] {
  const filter = new PageFilter(model);
  filter.set(text);
  const mask = filter.mask();
  return Array.from({ length: model.count }, (_, event) => event).filter((event) => mask === null || mask[event] === 1);
}

/** What a page says of a filter. */
function complaint(text: string): string {
  const filter = new PageFilter(model);
  filter.set(text);
  return filter.complaint;
}

const type = (event: number): string => model.typeOf(event);
const name = (event: number): string => model.string(model.name.at(event));
const text = (event: number): string => model.string(model.text.at(event));
const owner = (event: number): string => model.laneOf(event)?.info.owner ?? '';
const status = (event: number): number => model.status.at(event);

const isBetween = (event: number): boolean => ['wire', 'world'].includes(model.laneOf(event)?.info.kind ?? '');
/** What a frame's event has beside its columns. */
const fields = (event: number): string => model.string(model.fields.at(event));
const lasts = (event: number): boolean => ['service', 'callback-end', 'callback-blocked'].includes(type(event));
/** Whether a device is concerned, which of a frame is who sends it and who gets it. */
const concerns = (event: number, device: string): boolean =>
  isBetween(event) ? new RegExp(`"(from|to)":"${device}"`).test(fields(event)) : owner(event) === device;

/** A filter, and what is to be true of exactly the events that it lets through. */
const FILTERS: readonly (readonly [filter: string, holds: (event: number) => boolean])[] = [
  ['', () => true],
  ['   ', () => true],
  ['device:server', (event) => concerns(event, 'server')],
  ['DEVICE:Server', (event) => concerns(event, 'server')],
  ['-device:server', (event) => !concerns(event, 'server')],
  ['device:server,client', (event) => concerns(event, 'server') || concerns(event, 'client')],
  ['type:service', (event) => type(event) === 'service'],
  ['type:frame-*,dtls-*', (event) => /^(frame|dtls)-/.test(type(event))],
  [
    'type:frame-* from:client',
    (event) => type(event).startsWith('frame-') && fields(event).includes('"from":"client"'),
  ],
  ['thread:"ip thread"', (event) => model.laneOf(event)?.info.name === 'IP thread'],
  ['service:nx_udp_*', (event) => type(event) === 'service' && name(event).startsWith('nx_udp_')],
  ['callback:*notify*', (event) => type(event).startsWith('callback') && name(event).includes('notify')],
  ['pool:"main pool"', (event) => type(event).startsWith('packet') && name(event) === 'main pool'],
  ['network:lan', (event) => type(event).startsWith('frame') && name(event) === 'lan'],
  [
    'name:client type:thread-*',
    (event) => /^thread-(ready|blocked|created|ended)$/.test(type(event)) && name(event) === 'client',
  ],
  ['status:0', (event) => status(event) === 0],
  ['status:=0', (event) => status(event) === 0],
  ['status:!=0', (event) => status(event) > 0],
  ['status:>0', (event) => status(event) > 0],
  ['status:0x00', (event) => status(event) === 0],
  ['status:NX_SUCCESS', (event) => status(event) === 0 && text(event).startsWith('NX_SUCCESS')],
  ['status:!=NX_SUCCESS', (event) => status(event) >= 0 && !text(event).startsWith('NX_SUCCESS')],
  ['time:>1s', (event) => model.time(event) > 1e9],
  ['time:<=100ms', (event) => model.time(event) <= 1e8],
  ['time:100ms..1s', (event) => model.time(event) >= 1e8 && model.time(event) <= 1e9],
  ['duration:>5ms', (event) => lasts(event) && model.duration.at(event) > 5e6],
  ['duration:<1µs', (event) => lasts(event) && model.duration.at(event) < 1000],
  ['flight:1', (event) => type(event) === 'dtls-flight' && fields(event).includes('"flight":1,')],
  ['ServerHello', (event) => /serverhello/i.test(text(event) + fields(event))],
  ['"ClientHello (flight"', (event) => text(event).includes('ClientHello (flight')],
  ['/ClientHello \\(flight \\d/', (event) => /ClientHello \(flight \d/.test(text(event))],
  ['text:*hello* -type:frame-*', (event) => /hello/i.test(text(event)) && !type(event).startsWith('frame')],
  ['nobody-says-this', () => false],
];

describe('the filter of the page', () => {
  for (const [filter, holds] of FILTERS) {
    it(`${filter || 'nothing'} lets through what it says`, () => {
      const expected = Array.from({ length: model.count }, (_, event) => event).filter(holds);
      assert.deepEqual(through(filter), expected);
      assert.equal(complaint(filter), '');
    });
  }

  it('finds something with each of these, so that they test something', () => {
    const empty = FILTERS.filter(([filter]) => through(filter).length === 0).map(([filter]) => filter);
    assert.deepEqual(empty, ['nobody-says-this']);
  });

  it('says in one line what it cannot read, and goes on with what it had', () => {
    const filter = new PageFilter(model);
    filter.set('type:service');
    const before = filter.mask()?.slice();
    for (const [wrong, said] of [
      ['devise:server', /'devise:server' has an unknown key 'devise'; keys are device, thread/],
      ['time:soon', /'time:soon' is no time; write 10ms/],
      ['duration:soon', /'duration:soon' is no time; write 10ms/],
      ['device:', /'device:' has no value/],
    ] as const) {
      filter.set(wrong);
      assert.match(filter.complaint, said);
      assert.deepEqual(filter.mask(), before);
    }
    filter.set('');
    assert.equal(filter.complaint, '');
    assert.equal(filter.mask(), null);
    assert.equal(complaint('"http://x"'), '');
  });

  it('lets through what --filter of a trace does', () => {
    const { model: page, records: all } = collectRun(dtlsEcho);
    // The page has no secrets.
    const records = all.filter(({ event }) => event.type !== 'key-log');
    for (const text of [
      'type:dtls-flight -retransmission:true role:client',
      'device:server type:frame-delivered',
      'type:service,callback-end duration:>1us time:<2s',
      'service:nx_udp_* status:NX_NO_PACKET',
      'type:packet-* pool:/main/ thread:isr',
      'type:queue-level,callback-begin -device:client',
      'type:print text:*hello*',
      'network:lan faults:*',
    ]) {
      const passes = parseFilter(text, FILTER_WORDS);
      const expected = records.flatMap((record, event) => (passes(record) ? [event] : []));
      const filter = new PageFilter(page);
      filter.set(text);
      const found = [...(filter.mask()?.subarray(0, page.count) ?? [])].flatMap((mark, event) =>
        mark === 1 ? [event] : [],
      );
      assert.deepEqual(found, expected, text);
    }
  });

  it('takes any text', () => {
    const parts = fc.constantFrom(
      'device:',
      'status:',
      '-',
      '*',
      '"',
      ':',
      ' ',
      ',',
      '>=',
      'time:',
      '0x',
      '\\',
      '(',
      'ä',
      'type:service',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(parts).map((list) => list.join('')),
        ),
        (filter) => {
          assert(through(filter).length <= model.count);
        },
      ),
    );
  });

  it('looks at new events only, where the others were looked at already', () => {
    const { model: whole, chunks } = collectRun(dtlsEcho, { chunkEvents: 500 });
    const growing = new Model();
    const filter = new PageFilter(growing);
    filter.set('type:service');
    for (const chunk of chunks) {
      growing.append(chunk);
      filter.mask();
    }
    const all = new PageFilter(whole);
    all.set('type:service');
    assert.deepEqual(filter.mask()?.slice(0, whole.count), all.mask()?.slice(0, whole.count));
  });

  it('looks through 100,000 events while somebody types', () => {
    const large = new Model();
    const { chunks } = collectRun(dtlsEcho);
    while (large.count < 100_000) for (const chunk of chunks) large.append({ ...chunk, lanes: [] });
    const filter = new PageFilter(large);
    const began = performance.now();
    filter.set('hello device:server');
    filter.mask();
    const took = performance.now() - began;
    // About 60 ms on one core that has nothing else to do.
    assert.ok(took < 1500, `${took} ms`);
  });
});
