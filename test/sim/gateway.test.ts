import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { World } from 'txsim';
import { readUint16 } from '../../netx/wire/bytes.ts';
import { parseEthernet, type HardwareAddress } from '../../netx/wire/ethernet.ts';
import { server } from '../../apps/udp-echo/firmware.ts';
import { parseConnect } from '../../sim/host/endpoints.ts';
import { echoReply, isEchoRequest, portUnreachable } from '../../sim/host/icmp-packet.ts';
import { parseAddress, type IpAddress } from '../../sim/host/ip-address.ts';
import { buildFrames, parseFrame, type IpPacket, type ReceivedPacket } from '../../sim/host/ip-packet.ts';
import { StandIns } from '../../sim/host/neighbors.ts';
import { openBridge } from '../../sim/host/open-bridge.ts';
import { FragmentReassembly } from '../../sim/host/reassembly.ts';
import { parseUdpPacket, udpPacket } from '../../sim/host/udp-frame.ts';
import { emitIcmpv4Header } from '../../netx/wire/icmpv4.ts';

const US: HardwareAddress = { msw: 0x0200, lsw: 1 };
/** The gateway's. */
const THEM: HardwareAddress = { msw: 0x02ff, lsw: 0xfffffffe };
const at = (text: string): IpAddress => parseAddress(text) ?? assert.fail(text);
const ENDS = [
  ['192.168.1.10', '10.0.0.9'],
  ['fd00::10', 'fd00::9'],
] as const;

function frames(packet: IpPacket, mtu: number): readonly ReceivedPacket[] {
  return buildFrames(packet, US, THEM, 7, mtu).map((frame) => parseFrame(frame) ?? assert.fail('not read back'));
}

describe('datagrams of any length, over frames of any length', () => {
  for (const [source, destination] of ENDS) {
    it(`from ${source}: come together in any order, and once only`, () => {
      fc.assert(
        fc.property(fc.nat(20_000), fc.integer({ min: 64, max: 9000 }), fc.nat(), (length, mtu, turn) => {
          const payload = Uint8Array.from({ length }, (_, index) => index & 255);
          const ports = { sourcePort: 5, destinationPort: 6 };
          const packet = udpPacket({ source: at(source), destination: at(destination), ...ports, payload });
          const parts = frames(packet, mtu);
          for (const { bytes } of parts) assert(bytes.length <= mtu);
          const first = turn % parts.length;
          const reassembly = new FragmentReassembly();
          const whole = [...parts.slice(first), ...parts.slice(0, first)].map((part) => reassembly.add(part, 0));
          const complete = whole.filter((one) => one !== null);
          assert.equal(complete.length, 1);
          const [one] = complete;
          assert(one !== undefined);
          assert.deepEqual(parseUdpPacket(one)?.payload, payload);
          // Its error quotes its beginning, and can be read.
          const error = portUnreachable(one.destination, one.source, one.bytes);
          assert.equal(error.destination, one.source);
          assert(error.payload.length <= 1240);
        }),
        { numRuns: 60 },
      );
    });
  }

  it('pieces that overlap, or come too late, or are too many, make none', () => {
    const [source, destination] = [at('fd00::10'), at('fd00::9')];
    const packet = { source, destination, protocol: 17, payload: new Uint8Array(3000) };
    const [first, second, third] = frames(packet, 1280);
    assert(first !== undefined && second !== undefined && third !== undefined);
    const reassembly = new FragmentReassembly();
    assert.equal(reassembly.add(first, 0), null);
    assert.equal(reassembly.add(first, 0), null);
    assert.equal(reassembly.add(second, 0), null);
    assert.equal(reassembly.add(third, 0), null);
    const late = new FragmentReassembly();
    late.add(first, 0);
    late.add(second, 0);
    assert.equal(late.add(third, 61e9), null);
    const many = new FragmentReassembly();
    many.add(first, 0);
    many.add(second, 0);
    for (let identification = 100; identification < 164; identification++) {
      many.add({ ...first, fragment: { identification, offset: 0, more: true } }, 0);
    }
    assert.equal(many.add(third, 0), null);
  });

  it('any bytes are read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(0x0800, 0x86dd), (bytes, type) => {
        const frame = Uint8Array.of(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, type >> 8, type & 255, ...bytes);
        const packet = parseFrame(frame);
        if (packet === null) return;
        parseUdpPacket(packet);
        if (isEchoRequest(packet)) echoReply(packet);
        new StandIns(THEM).answerSolicitation(packet);
        new FragmentReassembly().add(packet, 0);
      }),
    );
  });

  it('one with a wrong checksum is none', () => {
    for (const [source, destination] of ENDS) {
      const ports = { sourcePort: 5, destinationPort: 6 };
      const packet = udpPacket({
        source: at(source),
        destination: at(destination),
        ...ports,
        payload: new Uint8Array(9),
      });
      assert.notEqual(parseUdpPacket(packet), null);
      packet.payload[10] = 1;
      assert.equal(parseUdpPacket(packet), null);
    }
  });
});

describe('ways out, as they are written', () => {
  for (const [text, address, port, host] of [
    ['[fd00::9]:4443=[::1]:5684', 'fd00::9', 4443, { address: '::1', port: 5684 }],
    ['[fd00::9]:4443=127.0.0.1:5684', 'fd00::9', 4443, { address: '127.0.0.1', port: 5684 }],
    ['10.0.0.9=127.0.0.1', '10.0.0.9', null, { address: '127.0.0.1', port: 0 }],
    ['[fd00::9]=[::1]', 'fd00::9', null, { address: '::1', port: 0 }],
    ['fd00::9=::1', 'fd00::9', null, { address: '::1', port: 0 }],
  ] as const) {
    it(text, () => assert.deepEqual(parseConnect(text), { address: at(address), port, host }));
  }
  for (const text of [
    '[fd00::g]:1=[::1]:2',
    '10.0.0.9:1=127.0.0.1',
    '10.0.0.9=127.0.0.1:2',
    'a=b',
    '[fd00::9]=[fd00::1]',
  ]) {
    it(`${text}: refused`, () => assert.throws(() => parseConnect(text), /expected/));
  }
});

describe('devices that ping', () => {
  /** An echo request to an address. */
  function request(destination: IpAddress): IpPacket {
    const payload = new Uint8Array(40);
    payload.fill(7, 8);
    emitIcmpv4Header({ type: 8, code: 0, identifier: 3, sequence: 4 }, payload, 0, payload.length);
    return { source: at('192.168.1.20'), destination, protocol: 1, payload };
  }

  it('the reply has what the request had', () => {
    const reply = echoReply(request(at('10.0.0.9')));
    assert.deepEqual([reply.payload[0], readUint16(reply.payload, 4), readUint16(reply.payload, 6)], [0, 3, 4]);
    assert.deepEqual(reply.payload.subarray(8), new Uint8Array(32).fill(7));
  });

  /** Pings from a port of a world that is joined to the host, whose program `ping` gives an exit code; what comes back. */
  async function ping(
    destination: string,
    code: number | null,
  ): Promise<{ replies: number; texts: readonly string[] }> {
    const folder = mkdtempSync(join(tmpdir(), 'txsim-ping-'));
    if (code !== null) {
      writeFileSync(join(folder, 'ping'), `#!/bin/sh\nexit ${code}\n`);
      chmodSync(join(folder, 'ping'), 0o755);
    }
    const { PATH } = process.env;
    process.env['PATH'] = folder;
    const world = new World();
    const lan = world.lan();
    world.device('device', { firmware: server, lan });
    const texts: string[] = [];
    world.trace.listen(({ event }) => {
      if (event.type === 'bridge') texts.push(event.text);
    });
    const bridge = await openBridge(world, [], [parseConnect('10.0.0.9=127.0.0.1')]);
    let replies = 0;
    const port = lan.attach({
      name: 'us',
      deliver: ({ bytes }) => {
        const packet = parseFrame(bytes);
        if (packet?.protocol === 1 && packet.payload[0] === 0 && parseEthernet(bytes)?.destination.lsw === 1) replies++;
      },
    });
    for (const frame of buildFrames(request(at(destination)), US, THEM, 1, 1500)) port.transmit(frame);
    const controller = new AbortController();
    const running = world.runRealTime({ signal: controller.signal });
    for (const end = Date.now() + 700; replies === 0 && Date.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    controller.abort();
    await running;
    await bridge.close();
    process.env['PATH'] = PATH;
    return { replies, texts };
  }

  for (const [name, destination, code, expected] of [
    ['an address outside, which answers the host', '10.0.0.9', 0, 1],
    ['an address outside, which does not', '10.0.0.9', 1, 0],
    ['their gateway', '192.168.1.1', 1, 1],
    ['nobody', '192.168.1.77', 0, 0],
  ] as const) {
    it(`${name}: ${expected === 1 ? 'get an answer' : 'get none'}`, async () => {
      assert.equal((await ping(destination, code)).replies, expected);
    });
  }

  it('a host without the program says so', async () => {
    const { replies, texts } = await ping('10.0.0.9', null);
    assert.equal(replies, 0);
    assert.match(texts.join('\n'), /the host has no program ping/);
  });
});
