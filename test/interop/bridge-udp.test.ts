import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import dgram from 'node:dgram';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { capturePcapng, World, type Firmware, type Lan } from 'txsim';
import * as nx from 'txsim/nx_api';
import { server as echo4 } from '../../apps/udp-echo/firmware.ts';
import type { Device } from '../../sim/device.ts';
import { addressOf } from '../../sim/host/device-address.ts';
import { formatAddress } from '../../sim/host/ip-address.ts';
import { parseConnect, parseListen } from '../../sim/host/endpoints.ts';
import { openBridge } from '../../sim/host/open-bridge.ts';
import { echoServer6, ipv6, ipv6Firmware, receiveText6, sendText6 } from '../support/ipv6-firmware.ts';
import { hasProgram, Running } from '../support/process.ts';

/** Sends datagrams from many sockets in turn to each way, and wants each of them back; or sends everything back. */
const PEER = `
import json, socket, sys
what = json.loads(sys.argv[1])
def make(host): return socket.socket(socket.AF_INET6 if ':' in host else socket.AF_INET, socket.SOCK_DGRAM)
if 'echo' in what:
    s = make(what['echo']); s.bind((what['echo'], 0)); print('port', s.getsockname()[1], flush=True)
    while True:
        data, who = s.recvfrom(70000); s.sendto(data, who)
good = 0; total = 0
for round in range(what['rounds']):
    for way in what['ways']:
        for size in way['sizes']:
            for s in way.setdefault('sockets', [make(way['host']) for _ in range(what['peers'])]):
                s.settimeout(5); total += 1
                data = bytes((round + total + i) % 95 + 32 for i in range(size))
                s.sendto(data, (way['host'], way['port']))
                try: good += s.recvfrom(70000)[0] == data
                except OSError: print('lost', round, way['host'], way['port'], size, flush=True)
print('good', good, 'of', total, flush=True)
`;

const folder = mkdtempSync(join(tmpdir(), 'txsim-bridge-'));
const python = (what: object): Running => new Running('python3', ['-c', PEER, JSON.stringify(what)]);

/** A port that nobody has at the moment. */
async function freePort(host: string): Promise<number> {
  const socket = dgram.createSocket(host.includes(':') ? 'udp6' : 'udp4');
  await new Promise<void>((resolve) => socket.bind(0, host, resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !holds();) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await sleep(10);
  }
}

/** What tshark finds wrong with a capture, and how many frames a filter finds in it. */
function inspect(file: string): { readonly wrong: string; readonly count: (filter: string) => number } {
  const read = (filter: string): string => {
    const checks = ['ip', 'udp'].flatMap((name) => ['-o', `${name}.check_checksum:TRUE`]);
    const result = spawnSync('tshark', ['-r', file, ...checks, '-Y', filter], { encoding: 'latin1' });
    assert.equal(result.status, 0, result.stderr);
    return result.stdout;
  };
  const bad = ['ip', 'udp', 'icmp', 'icmpv6'].map((name) => `${name}.checksum.status == "Bad"`);
  return {
    wrong: read(['_ws.malformed', ...bad].join(' || ')),
    count: (filter) => read(filter).split('\n').filter(Boolean).length,
  };
}

/** A world joined to the host while a test does something with it; gives its capture. */
async function joined(
  build: (world: World) => void,
  ways: { readonly listen?: readonly string[]; readonly connect?: readonly string[] },
  act: (world: World) => Promise<void>,
): Promise<ReturnType<typeof inspect>> {
  const world = new World();
  build(world);
  const chunks: Uint8Array[] = [];
  const networks = world.lans.map(({ name }) => name);
  capturePcapng(world.trace, networks, (chunk) => void chunks.push(chunk.slice()));
  const bridge = await openBridge(world, (ways.listen ?? []).map(parseListen), (ways.connect ?? []).map(parseConnect));
  const controller = new AbortController();
  const running = world.runRealTime({ signal: controller.signal });
  try {
    await act(world);
  } finally {
    controller.abort();
    await running;
    await bridge.close();
  }
  assert.deepEqual(world.leaks(), []);
  const file = join(folder, `${Math.floor(performance.now() * 1000)}.pcapng`);
  writeFileSync(file, Buffer.concat(chunks));
  return inspect(file);
}

const programs = ['python3', 'tshark'].map((name) => hasProgram(name));
const skip = programs.every(Boolean) ? false : 'python3 or tshark is not installed';

describe('the host bridge, with peers of another language, in Wireshark’s eyes', { skip }, () => {
  it('many peers, ports, devices and networks at once, over both versions of IP', async () => {
    const hosts = ['127.0.0.1', '127.0.0.1', '::1', '::1', '::1', '127.0.0.1'];
    const ports = await Promise.all(hosts.map(freePort));
    const targets = ['a4', 'b4', 'a6', 'b6', 'b4', 'a6'];
    // What a frame carries, and, for devices that take fragments, much more.
    const sizes = targets.map((name, way) =>
      name.endsWith('6') && hosts[way] === '::1' ? [1, 1452, 4000] : [1, 1472],
    );
    const listen = targets.map((name, way) => {
      const host = hosts[way] ?? '';
      return `${host === '::1' ? '[::1]' : host}:${ports[way] ?? 0}=${name}:7`;
    });
    const v6 = (address: string): Firmware =>
      echoServer6({ addresses: [address], settle: false, fragments: true, packets: 60 });
    const { wrong, count } = await joined(
      (world) => {
        const [one, two] = [world.lan({ name: 'one' }), world.lan({ name: 'two' })];
        const add = (name: string, firmware: Firmware, lan: Lan, address: string): void => {
          world.device(name, { firmware, lan, address, memory: 512 * 1024 });
        };
        const bigger = { firmware: echo4, memory: 512 * 1024 };
        world.device('a4', { ...bigger, lan: one, address: '192.168.1.10' });
        world.device('b4', { ...bigger, lan: two, address: '192.168.2.10' });
        add('a6', v6('fd00:1::10'), one, '192.168.1.11');
        add('b6', v6('fd00:2::10'), two, '192.168.2.11');
      },
      { listen },
      async (world) => {
        const [a6, b6] = ['a6', 'b6'].map((name) => world.devices.get(name));
        assert(a6 !== undefined && b6 !== undefined);
        const isReady = (one: Device): boolean => formatAddress(addressOf(one, true)?.address ?? 0).startsWith('fd00');
        await until('addresses', () => [a6, b6].every(isReady));
        const ways = hosts.map((host, way) => ({ host, port: ports[way], sizes: sizes[way] }));
        const peer = python({ rounds: 2, peers: 4, ways });
        const total = 2 * 4 * sizes.flat().length;
        await peer.until(`good ${total} of ${total}`, 30_000);
        await peer.exited;
      },
    );
    assert.equal(wrong, '');
    assert(count('ipv6.fraghdr.more == 1') > 8, 'no fragments');
    assert(count('udp && ip') > 32 && count('udp && ipv6') > 32);
  });

  it('out, to peers over both versions, by addresses of both', async () => {
    const peers = ['127.0.0.1', '::1'].map((echo) => python({ echo }));
    const nobody = await freePort('127.0.0.1');
    try {
      const ports: string[] = [];
      for (const peer of peers) {
        await peer.until(/port \d+/);
        ports.push(/port (\d+)/.exec(peer.output)?.[1] ?? '');
      }
      const results: string[] = [];
      const client = ipv6Firmware(
        function* (network, socket) {
          yield* nx.nx_udp_socket_bind(socket, 9, nx.NX_NO_WAIT);
          const v4 = new nx.NXD_ADDRESS();
          v4.nxd_ip_version = nx.NX_IP_VERSION_V4;
          v4.nxd_ip_address.v4 = nx.IP_ADDRESS(192, 168, 1, 99);
          for (const [address, port, size] of [
            [ipv6('fd00:1::9'), 1, 3000],
            [ipv6('fd00:1::9'), 2, 10],
            [v4, 1, 1000],
            [v4, 2, 10],
            [v4, 3, 10],
            [ipv6('fd00:1::9'), 3, 10],
          ] as const) {
            const text = 'x'.repeat(size);
            yield* sendText6(network, socket, text, address, port);
            const { text: answer } = yield* receiveText6(socket, 100);
            results.push(answer === text ? `${size} back` : answer.slice(0, 10));
          }
        },
        { addresses: ['fd00:1::10'], fragments: true },
      );
      const out = ['[fd00:1::9]', '192.168.1.99'].flatMap((address) => [
        `${address}:1=[::1]:${ports[1] ?? ''}`,
        `${address}:2=127.0.0.1:${ports[0] ?? ''}`,
        `${address}:3=127.0.0.1:${nobody}`,
      ]);
      const { wrong, count } = await joined(
        (world) => world.device('device', { firmware: client, lan: world.lan(), memory: 512 * 1024 }),
        { connect: out },
        () => until('results', () => results.length === 6),
      );
      const expected = ['3000 back', '10 back', '1000 back', '10 back', 'status 1', 'status 1'];
      assert.deepEqual(results, expected);
      assert.equal(wrong, '');
      // A port that nobody has on the host is an unreachable port inside.
      assert.equal(count('icmp.type == 3 && icmp.code == 3'), 1);
      assert.equal(count('icmpv6.type == 1 && icmpv6.code == 4'), 1);
    } finally {
      for (const peer of peers) await peer.kill();
    }
  });
});
