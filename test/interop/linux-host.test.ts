import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { capturePcapng, defineFirmware } from 'txsim';
import { out, TX_AUTO_START, TX_NO_TIME_SLICE, TX_THREAD, tx_thread_create, type Thread } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { bootNetwork } from '../support/dtls-firmware.ts';
import { LinuxHostWorld, whyNoLinuxHost } from '../support/linux-host.ts';

/** Answers pings, and echoes on UDP port 7. */
const echo = defineFirmware((board) => {
  const network = bootNetwork(board);
  const socket = new nx.NX_UDP_SOCKET();
  const thread = new TX_THREAD();
  const cell = out<nx.NX_PACKET>();
  const [address, port] = [out<number>(), out<number>()];

  function* main(): Thread {
    yield* nx.nx_udp_socket_create(network.ip, socket, 'echo', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 0x80, 8);
    yield* nx.nx_udp_socket_bind(socket, 7, nx.NX_NO_WAIT);
    for (;;) {
      yield* nx.nx_udp_socket_receive(socket, cell, nx.NX_WAIT_FOREVER);
      yield* nx.nx_udp_source_extract(cell.value, address, port);
      const sent = yield* nx.nx_udp_socket_send(socket, cell.value, address.value, port.value);
      if (sent !== nx.NX_SUCCESS) yield* nx.nx_packet_release(cell.value);
    }
  }

  return {
    *tx_application_define(memory) {
      yield* network.define(memory);
      yield* nx.nx_icmp_enable(network.ip);
      yield* tx_thread_create(thread, 'echo', main, 0, network.take(1024), 1024, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
    },
  };
});

const why = whyNoLinuxHost();
if (why !== null) console.log(`# SKIPPED: the Linux host on a simulated network, because ${why}`);

/** Sends lines of several lengths to the echo, and one datagram to a port that nobody has. */
const UDP_PEER = `
import socket
peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
peer.settimeout(5)
peer.connect(("192.168.1.10", 7))
for size in (1, 2, 63, 64, 511, 1400, 1472):
    sent = bytes((index * 7 + size) & 255 for index in range(size))
    peer.send(sent)
    assert peer.recv(2000) == sent, size
closed = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
closed.settimeout(5)
closed.connect(("192.168.1.10", 9))
closed.send(b"nobody there?")
try:
    closed.recv(2000)
except ConnectionRefusedError:
    print("refused")
print("done")
`;

describe('the Linux kernel as a neighbour', { skip: why ?? false }, () => {
  const file = join(mkdtempSync(join(tmpdir(), 'txsim-linux-')), 'run.pcapng');
  const host = new LinuxHostWorld({ device: echo }, '192.168.1.77/24');

  const capture = openSync(file, 'w');

  before(async () => {
    capturePcapng(host.world.trace, ['lan'], (chunk) => void writeSync(capture, chunk));
    await host.start();
  });
  after(async () => {
    await host.stop();
    closeSync(capture);
  });

  for (const size of [0, 1, 56, 1400, 1472]) {
    it(`pings a device with ${size} bytes`, async () => {
      const { code, out: text } = await host.run('ping', '-c', '3', '-i', '0.2', '-s', String(size), '192.168.1.10');
      assert.equal(code, 0, text);
      assert.match(text, /3 packets transmitted, 3 received, 0% packet loss/);
      assert.doesNotMatch(text, /wrong data byte|checksum/);
    });
  }

  it('has its datagrams echoed, and is told of a port that nobody has', async () => {
    const { code, out: text } = await host.run('python3', '-c', UDP_PEER);
    assert.equal(code, 0, text);
    assert.match(text, /refused\ndone/);
  });

  it('learns the hardware address by ARP', async () => {
    const { out: text } = await host.run('sh', '-c', 'ping -c 1 192.168.1.10 > /dev/null; ip neighbour show dev sim0');
    assert.match(text, /192\.168\.1\.10 lladdr 02:00:00:00:00:01 (REACHABLE|DELAY|STALE)/);
  });

  it('left a capture in which tshark finds nothing malformed and no wrong checksum', () => {
    assert.deepEqual(host.world.leaks(), []);
    const checks = ['-o', 'ip.check_checksum:TRUE', '-o', 'udp.check_checksum:TRUE'];
    const bad =
      '_ws.malformed || ip.checksum.status == "Bad" || udp.checksum.status == "Bad" || icmp.checksum.status == "Bad"';
    const tshark = (...args: readonly string[]): string => {
      const { stdout, stderr, status } = spawnSync('tshark', ['-r', file, ...checks, ...args], { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      return stdout;
    };
    assert.equal(tshark('-Y', bad), '');
    assert(tshark('-Y', 'icmp.type == 0').split('\n').length > 15);
    assert(tshark('-Y', 'icmp.code == 3').includes('Port unreachable'));
  });
});
