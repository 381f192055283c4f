import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { statusName } from 'txsim';
import { formatIpv4 } from '../../netx/nxd-address.ts';
import { parseIpv4, tryParseIpv4 } from '../../sim/ipv4-text.ts';
import { formatTime, parseBandwidth, parseDuration } from '../../sim/duration.ts';
import { parseConnect, parseListen } from '../../sim/host/endpoints.ts';
import { RandomSource } from '../../sim/random.ts';

describe('durations', () => {
  for (const [text, expected] of [
    ['10s', 10e9],
    ['5ms', 5e6],
    ['200us', 200e3],
    ['3ns', 3],
    ['1.5h', 5400e9],
    ['2m', 120e9],
    [17, 17],
  ] as const) {
    it(String(text), () => assert.equal(parseDuration(text), expected));
  }
  for (const text of ['', '5', 'ms', '5 parsecs', '-1s', '1e3s', NaN, -5, Infinity]) {
    it(`${text} is none`, () => assert.throws(() => parseDuration(text), /is no duration/));
  }
  it('times are told in seconds', () => assert.equal(formatTime(1_234_567_890), '1.234568 s'));
});

describe('bandwidths', () => {
  it('10Mbit/s', () => assert.equal(parseBandwidth('10Mbit/s'), 10e6));
  it('250kbit/s', () => assert.equal(parseBandwidth('250kbit/s'), 250e3));
  for (const text of ['10', '10Mb', '0bit/s', -1]) {
    it(`${text} is none`, () => assert.throws(() => parseBandwidth(text), /is no bandwidth/));
  }
});

describe('addresses', () => {
  it('are read and written', () => assert.equal(formatIpv4(parseIpv4('192.168.1.150')), '192.168.1.150'));
  for (const text of ['192.168.1', '1.2.3.256', 'a.b.c.d', '']) {
    it(`'${text}' is none`, () => assert.equal(tryParseIpv4(text), null));
  }
});

describe('ways to the host', () => {
  it('in', () => {
    const expected = { host: { address: '127.0.0.1', port: 4433 }, device: 'device', port: 4443 };
    assert.deepEqual(parseListen('127.0.0.1:4433=device:4443'), expected);
    assert.deepEqual(parseListen('localhost:4433=device:4443'), expected);
  });
  it('in, over IPv6', () => {
    assert.deepEqual(parseListen('[::1]:4433=device:4443').host, { address: '::1', port: 4433 });
  });
  it('out', () => {
    const expected = { address: 0x0a000009, port: 4443, host: { address: '127.0.0.1', port: 5684 } };
    assert.deepEqual(parseConnect('10.0.0.9:4443=127.0.0.1:5684'), expected);
  });
  for (const text of [
    '127.0.0.1:4433',
    '127.0.0.1=device:4443',
    '127.0.0.1:0=device:1',
    '127.0.0.1:99999=d:1',
    'a=b=c',
  ]) {
    it(`'${text}' is refused with what was expected`, () =>
      assert.throws(() => parseListen(text), /expected HOST:PORT=/));
  }
  it('addresses that are not the loopback interface’s are refused', () => {
    assert.throws(() => parseListen('192.168.0.1:4433=device:4443'), /a loopback address/);
    assert.throws(() => parseConnect('10.0.0.9:1=8.8.8.8:53'), /a loopback address/);
  });
});

describe('random streams', () => {
  it('are the same for the same seed and names, on any machine', () => {
    const stream = new RandomSource(42).stream('device', 'server');
    const first = [stream.uint32(), stream.uint32(), stream.uint32()];
    const again = new RandomSource(42).stream('device', 'server');
    assert.deepEqual([again.uint32(), again.uint32(), again.uint32()], first);
    assert.deepEqual(new RandomSource(1).stream('a').bytes(6), new RandomSource('1').stream('a').bytes(6));
  });
  it('differ by seed and by name', () => {
    const one = (seed: number, name: string): string => new RandomSource(seed).stream(name).bytes(16).join();
    const streams = new Set([one(1, 'a'), one(2, 'a'), one(1, 'b'), one(1, 'ab')]);
    assert.equal(streams.size, 4);
  });
  it('are spread evenly', () => {
    const stream = new RandomSource(7).stream('even');
    const buckets = new Array<number>(10).fill(0);
    for (let count = 0; count < 100_000; count++) {
      const bucket = Math.floor(stream.float() * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    for (const size of buckets) assert(Math.abs(size - 10_000) < 500, buckets.join());
  });
});

describe('statuses as people read them', () => {
  for (const [status, expected] of [
    [0x10c, 'NX_SECURE_TLS_INVALID_SERVER_CERT (0x10C)'],
    [0x01, 'NX_NO_PACKET (0x01)'],
    [0x38, 'NX_NOT_CONNECTED (0x38)'],
    [0x193, 'NX_SECURE_X509_CERTIFICATE_EXPIRED (0x193)'],
    [0x9999, '0x9999'],
  ] as const) {
    it(expected, () => assert.equal(statusName(status), expected));
  }
  it('ThreadX’s', () => assert.equal(statusName(0x0d, 'tx'), 'TX_NO_INSTANCE (0x0D)'));
});
