import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import dtlsEcho from '../../../apps/dtls-echo/scenario.ts';
import { applyFilter } from '../../../sim/report-page/page/filter.ts';
import { parseFilter } from '../../../sim/report-page/page/filter-syntax.ts';
import { collectRun } from '../../support/report-model.ts';

const { model } = collectRun(dtlsEcho);

/** The events that a filter lets through. */
function through(text: string): readonly number[] {
  const mask = applyFilter(model, parseFilter(text), new Uint8Array(model.count));
  return Array.from({ length: model.count }, (_, event) => event).filter((event) => mask[event] === 1);
}

const type = (event: number): string => model.typeOf(event);
const name = (event: number): string => model.string(model.name.at(event));
const text = (event: number): string => model.string(model.text.at(event));
const owner = (event: number): string => model.laneOf(event)?.info.owner ?? '';
const status = (event: number): number => model.status.at(event);

/** A filter, and what is to be true of exactly the events that it lets through. */
const FILTERS: readonly (readonly [filter: string, holds: (event: number) => boolean])[] = [
  ['', () => true],
  ['   ', () => true],
  ['device:server', (event) => owner(event) === 'server'],
  ['DEVICE:Server', (event) => owner(event) === 'server'],
  ['device:server,client', (event) => owner(event) !== ''],
  ['-device:server', (event) => owner(event) !== 'server'],
  ['!device:server', (event) => owner(event) !== 'server'],
  ['type:service', (event) => type(event) === 'service'],
  ['type:frame,dtls', (event) => /frame|dtls/.test(type(event))],
  ['type:frame device:client', (event) => type(event).startsWith('frame-') && owner(event) === 'client'],
  ['thread:"ip thread"', (event) => model.laneOf(event)?.info.name === 'IP thread'],
  ['service:nx_udp', (event) => type(event) === 'service' && name(event).includes('nx_udp')],
  ['callback:notify', (event) => type(event).startsWith('callback') && name(event).includes('notify')],
  ['pool:main', (event) => type(event).startsWith('packet') && name(event) === 'main pool'],
  ['network:lan', (event) => type(event).startsWith('frame') && name(event) === 'lan'],
  ['status:0', (event) => status(event) === 0],
  ['status:=0', (event) => status(event) === 0],
  ['status:!=0', (event) => status(event) > 0],
  ['status:error', (event) => status(event) > 0],
  ['status:>0', (event) => status(event) > 0],
  ['status:0x00', (event) => status(event) === 0],
  ['status:NX_SUCCESS', (event) => status(event) === 0 && text(event).startsWith('NX_SUCCESS')],
  ['status:!=NX_SUCCESS', (event) => !(status(event) === 0 && text(event).startsWith('NX_SUCCESS'))],
  ['time:>1s', (event) => model.time(event) > 1e9],
  ['time:1', (event) => model.time(event) >= 1e9],
  ['time:<=100ms', (event) => model.time(event) <= 1e8],
  ['duration:>5ms', (event) => model.duration.at(event) > 5e6],
  ['duration:<1us', (event) => model.duration.at(event) < 1000],
  ['ServerHello', (event) => /serverhello/i.test(text(event))],
  ['"ClientHello (flight"', (event) => text(event).includes('ClientHello (flight')],
  ['text:hello -type:frame', (event) => /hello/i.test(text(event)) && !type(event).startsWith('frame')],
  ['nobody-says-this', () => false],
];

describe('the filter', () => {
  for (const [filter, holds] of FILTERS) {
    it(`${filter || 'nothing'} lets through what it says`, () => {
      const expected = Array.from({ length: model.count }, (_, event) => event).filter(holds);
      assert.deepEqual(through(filter), expected);
      assert.deepEqual(parseFilter(filter).complaints, []);
    });
  }

  it('finds something with most of these, so that they test something', () => {
    const empty = FILTERS.filter(([filter]) => through(filter).length === 0).map(([filter]) => filter);
    assert.deepEqual(
      empty.sort(),
      ['nobody-says-this', 'status:!=0', 'status:>0', 'status:error'].filter((one) => through(one).length === 0).sort(),
    );
  });

  it('complains of what it does not know, and searches for it as it stands', () => {
    const { complaints, terms } = parseFilter('devise:server');
    assert.match(complaints[0] ?? '', /'devise' is no field: use device, thread/);
    assert.deepEqual(
      terms.map(({ key, words }) => [key, words]),
      [['any', ['devise:server']]],
    );
    assert.match(parseFilter('time:soon').complaints[0] ?? '', /'time:soon' is no time: write such as time:>5ms/);
    assert.deepEqual(parseFilter('"http://x"').complaints, []);
  });

  it('takes any text', () => {
    const parts = fc.constantFrom(
      'device:',
      'status:',
      '-',
      '!',
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

  it('and its opposite share the events between them', () => {
    for (const [filter] of FILTERS) {
      if (!/^\w+:[^ ]+$/.test(filter) || /^(service|callback|pool|network):/.test(filter)) continue;
      const both = [...through(filter), ...through(`-${filter}`)].sort((a, b) => a - b);
      assert.equal(both.length, model.count, filter);
    }
  });

  it('looks at new events only, where the others were looked at already', () => {
    const whole = applyFilter(model, parseFilter('type:service'), new Uint8Array(model.count));
    const half = new Uint8Array(model.count);
    const middle = Math.floor(model.count / 2);
    half.set(whole.subarray(0, middle));
    assert.deepEqual(applyFilter(model, parseFilter('type:service'), half, middle), whole);
  });
});
