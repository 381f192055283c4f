import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FILTER_KEYS, FilterError, parseFilter, type FilteredRecord } from '../../../sim/trace/filter.ts';
import { statusName, type TraceRecord } from 'txsim';

const bytes = new Uint8Array(4);
const RECORDS = {
  print: { time: 1e6, device: 'server', thread: 'main', event: { type: 'print', text: 'hello, world' } },
  receive: {
    time: 2e6,
    device: 'server',
    thread: 'IP thread',
    event: { type: 'service', service: 'nx_udp_socket_receive', status: 1, began: 0 },
  },
  sent: {
    time: 3e6,
    device: null,
    thread: '',
    event: { type: 'frame-sent', network: 'lan', from: 'client', bytes, lost: null, faults: [] },
  },
  delivered: {
    time: 4e6,
    device: null,
    thread: '',
    event: { type: 'frame-delivered', network: 'lan', from: 'client', to: 'server', bytes, faults: ['delayed'] },
  },
  second: {
    time: 4e6,
    device: null,
    thread: '',
    event: { type: 'frame-delivered', network: 'lan', from: 'router', to: 'gate.1', bytes, faults: [] },
  },
  flight: {
    time: 5e9,
    device: 'client',
    thread: 'main',
    event: {
      type: 'dtls-flight',
      role: 'client',
      peer: '192.168.1.150:4443',
      flight: 3,
      messages: ['ClientHello', 'Finished'],
      retransmission: true,
    },
  },
  sleep: {
    time: 6e9,
    device: 'client2',
    thread: 'main',
    event: { type: 'service', service: 'tx_thread_sleep', status: 0, began: 0 },
  },
} as const satisfies Record<string, TraceRecord>;

const words = {
  text: ({ event }: FilteredRecord) => `words of ${event.type}`,
  status: (status: number) => statusName(status),
};

/** The names of the records that pass. */
const passing = (filter: string): readonly string[] => {
  const passes = parseFilter(filter, words);
  return Object.entries(RECORDS).flatMap(([name, record]) => (passes(record) ? [name] : []));
};

const ALL = Object.keys(RECORDS);

describe('a filter of the trace', () => {
  const cases: readonly (readonly [filter: string, passes: readonly string[]])[] = [
    ['', ALL],
    ['  ', ALL],
    ['device:server', ['print', 'receive', 'delivered']],
    ['device:SERVER', ['print', 'receive', 'delivered']],
    ['device:client', ['sent', 'delivered', 'flight']],
    ['device:client*', ['sent', 'delivered', 'flight', 'sleep']],
    ['device:server,client2', ['print', 'receive', 'delivered', 'sleep']],
    ['thread:"IP thread"', ['receive']],
    ["thread:'IP thread',main type:print", ['print']],
    ['type:service', ['receive', 'sleep']],
    ['type:service,frame-*', ['receive', 'sent', 'delivered', 'second', 'sleep']],
    ['type:frame-* to:server', ['delivered']],
    ['device:gate', ['second']],
    ['faults:delayed', ['delivered']],
    ['status:0', ['sleep']],
    ['status:0x01', ['receive']],
    ['status:!=0', ['receive']],
    ['status:>0', ['receive']],
    ['status:>=0', ['receive', 'sleep']],
    ['-status:0', ['print', 'receive', 'sent', 'delivered', 'second', 'flight']],
    ['status:NX_NO_PACKET', ['receive']],
    ['status:nx_*', ['receive', 'sleep']],
    ['status:!=NX_SUCCESS', ['receive']],
    ['status:/NO_PACKET/', ['receive']],
    ['service:tx_*', ['sleep']],
    ['time:>3ms', ['delivered', 'second', 'flight', 'sleep']],
    ['time:<=2ms', ['print', 'receive']],
    ['time:2ms..5s', ['receive', 'sent', 'delivered', 'second', 'flight']],
    ['time:0.5ms..1.5ms', ['print']],
    ['time:3000000', ['sent']],
    ['messages:Finished', ['flight']],
    ['flight:1..3', ['flight']],
    ['flight:4..6', []],
    ['retransmission:true', ['flight']],
    ['lost:*', []],
    ['peer:192.168.1.150:4443', ['flight']],
    ['hello', []],
    ['text:*hello*', ['print']],
    ['words', ALL],
    ['"of service"', ['receive', 'sleep']],
    ['/of (print|service)/', ['print', 'receive', 'sleep']],
    ['/OF PRINT/i', ['print']],
    ['-/of (print|service)/ -frame', ['flight']],
    ['-type:print -type:service,frame-*', ['flight']],
    ['192.168.1.150:4443', []],
  ];
  for (const [filter, names] of cases) {
    it(`'${filter}' passes ${names.length === ALL.length ? 'everything' : names.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(passing(filter), names);
    });
  }

  it('gives the same answer every time, whatever the flags of its expressions', () => {
    const passes = parseFilter('/service/g', words);
    assert.deepEqual(
      [1, 2, 3].map(() => passes(RECORDS.sleep)),
      [true, true, true],
    );
  });

  it('finds texts in the fields where it is given no words', () => {
    assert.equal(parseFilter('hello')(RECORDS.print), true);
    assert.equal(parseFilter('hello')(RECORDS.sleep), false);
  });

  const wrong: readonly (readonly [filter: string, message: RegExp])[] = [
    ['devise:server', /'devise:server' has an unknown key 'devise'; keys are device, thread/],
    ['device=server', /'device=server' needs a colon: device:server/],
    ['status!=0', /'status!=0' needs a colon: status:!=0/],
    ['type:', /'type:' has no value/],
    ['type:a,', /'type:a,' has no value/],
    ['"open', /'"open' has no closing "/],
    ['/open', /'\/open' has no closing \//],
    ['type:/(/', /'\/\(\/' is no regular expression/],
    ['status:>many', /'status:>many' compares by > with what is not a number/],
    ['status:>1,2', /several values/],
    ['time:soon', /'time:soon' is no time/],
    ['thread:"a"b', /'thread:"a"' ends where a space was expected/],
    ['-', /'-' has no value/],
  ];
  for (const [filter, message] of wrong) {
    it(`refuses '${filter}' in one line`, () => {
      assert.throws(
        () => parseFilter(filter),
        (error) => error instanceof FilterError && message.test(error.message) && !error.message.includes('\n'),
      );
    });
  }

  it('is read or refused, whatever it is', () => {
    const part = fc.oneof(
      fc.constantFrom(
        ...FILTER_KEYS.map((key) => `${key}:`),
        '-',
        '/',
        '"',
        ',',
        '!=',
        '>',
        '..',
        ' ',
        '*',
        '0x1',
        '\\',
      ),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        try {
          for (const record of Object.values(RECORDS)) {
            assert.equal(typeof parseFilter(parts.join(''), words)(record), 'boolean');
          }
        } catch (error) {
          assert(error instanceof FilterError, String(error));
        }
      }),
    );
  });
});
