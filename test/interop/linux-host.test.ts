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

/** Answers pings over both versions of IP, echoes on UDP port 7, and pings the host when it is told to on port 8. */
const echo = defineFirmware((board) => {
  const network = bootNetwork(board, 60);
  const { ip } = network;
  const [socket, orders] = [new nx.NX_UDP_SOCKET(), new nx.NX_UDP_SOCKET()];
  const [thread, pinger] = [new TX_THREAD(), new TX_THREAD()];
  const cell = out<nx.NX_PACKET>();
  const [address, port] = [new nx.NXD_ADDRESS(), out<number>()];

  /** The link-local address takes the hardware's, which is known once the driver is. */
  function* setAddresses(): Thread {
    const own = new nx.NXD_ADDRESS();
    own.nxd_ip_version = nx.NX_IP_VERSION_V6;
    own.nxd_ip_address.v6.set([0xfd000000, 0, 0, 0x10]);
    yield* nx.nx_ip_status_check(ip, nx.NX_IP_INITIALIZE_DONE, out(), nx.NX_WAIT_FOREVER);
    yield* nx.nxd_ipv6_address_set(ip, 0, null, 10, null);
    yield* nx.nxd_ipv6_address_set(ip, 0, own, 64, null);
  }

  function* main(): Thread {
    yield* setAddresses();
    yield* nx.nx_udp_socket_create(network.ip, socket, 'echo', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 0x80, 8);
    yield* nx.nx_udp_socket_bind(socket, 7, nx.NX_NO_WAIT);
    for (;;) {
      yield* nx.nx_udp_socket_receive(socket, cell, nx.NX_WAIT_FOREVER);
      yield* nx.nxd_udp_source_extract(cell.value, address, port);
      const sent = yield* nx.nxd_udp_socket_send(socket, cell.value, address, port.value);
      if (sent !== nx.NX_SUCCESS) yield* nx.nx_packet_release(cell.value);
    }
  }

  /** Pings whoever sends an order, as often and with as much data as the order's two words say; answers how often it was answered. */
  function* pingOnDemand(): Thread {
    const [order, reply] = [out<nx.NX_PACKET>(), out<nx.NX_PACKET>()];
    const [from, at] = [new nx.NXD_ADDRESS(), out<number>()];
    yield* nx.nx_udp_socket_create(ip, orders, 'orders', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 0x80, 8);
    yield* nx.nx_udp_socket_bind(orders, 8, nx.NX_NO_WAIT);
    for (;;) {
      yield* nx.nx_udp_socket_receive(orders, order, nx.NX_WAIT_FOREVER);
      yield* nx.nxd_udp_source_extract(order.value, from, at);
      const [times = 0, size = 0] = new TextDecoder().decode(nx.packetBytes(order.value)).split(' ').map(Number);
      yield* nx.nx_packet_release(order.value);
      const data = Uint8Array.from({ length: size }, (_, index) => index);
      let answered = 0;
      for (let count = 0; count < times; count++) {
        if ((yield* nx.nxd_icmp_ping(ip, from, data, size, reply, 300)) !== nx.NX_SUCCESS) continue;
        const came = nx.packetBytes(reply.value);
        if (came.length === size && came.every((byte, index) => byte === (index & 255))) answered++;
        yield* nx.nx_packet_release(reply.value);
      }
      const told = new TextEncoder().encode(`${answered} of ${times}`);
      yield* nx.nx_packet_allocate(network.pool, order, nx.NX_UDP_PACKET, nx.NX_WAIT_FOREVER);
      yield* nx.nx_packet_data_append(order.value, told, told.length, network.pool, nx.NX_WAIT_FOREVER);
      const sent = yield* nx.nxd_udp_socket_send(orders, order.value, from, at.value);
      if (sent !== nx.NX_SUCCESS) yield* nx.nx_packet_release(order.value);
    }
  }

  return {
    *tx_application_define(memory) {
      yield* network.define(memory);
      yield* nx.nxd_ipv6_enable(ip);
      yield* nx.nxd_icmp_enable(ip);
      yield* nx.nx_ip_fragment_enable(ip);
      const stack = network.take(1024);
      yield* tx_thread_create(pinger, 'pinger', pingOnDemand, 0, stack, 1024, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
      yield* tx_thread_create(thread, 'echo', main, 0, network.take(1024), 1024, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
    },
  };
});

const why = whyNoLinuxHost();
if (why !== null) console.log(`# SKIPPED: the Linux host on a simulated network, because ${why}`);

/** Sends lines of several lengths to the echo, and one datagram to a port that nobody has. */
const UDP_PEER = `
import socket, sys
device = sys.argv[1]
family = socket.AF_INET6 if ":" in device else socket.AF_INET
peer = socket.socket(family, socket.SOCK_DGRAM)
peer.settimeout(5)
peer.connect((device, 7))
for size in (1, 2, 63, 64, 511, 1400, 1452, 1472, 1473, 3000, 8000):
    sent = bytes((index * 7 + size) & 255 for index in range(size))
    peer.send(sent)
    assert peer.recv(20000) == sent, size
closed = socket.socket(family, socket.SOCK_DGRAM)
closed.settimeout(5)
closed.connect((device, 9))
closed.send(b"nobody there?")
try:
    closed.recv(2000)
except ConnectionRefusedError:
    print("refused")
print("done")
`;

/** Has the device ping this host, so often and with so much data. */
const PING_ORDER = `
import socket, sys
device, order = sys.argv[1:]
peer = socket.socket(socket.AF_INET6 if ":" in device else socket.AF_INET, socket.SOCK_DGRAM)
peer.settimeout(10)
peer.connect((device, 8))
peer.send(order.encode())
print(peer.recv(100).decode())
`;

const DEVICES = ['192.168.1.10', 'fd00::10'];

describe('the Linux kernel as a neighbour', { skip: why ?? false }, () => {
  const file = join(mkdtempSync(join(tmpdir(), 'txsim-linux-')), 'run.pcapng');
  const host = new LinuxHostWorld({ device: echo }, '192.168.1.77/24,fd00::77/64');

  const capture = openSync(file, 'w');

  before(async () => {
    capturePcapng(host.world.trace, ['lan'], (chunk) => void writeSync(capture, chunk));
    await host.start();
  });
  after(async () => {
    await host.stop();
    closeSync(capture);
  });

  for (const device of DEVICES) {
    for (const size of [0, 1, 56, 1452, 1473, 4000]) {
      it(`pings ${device} with ${size} bytes`, async () => {
        const { code, out: text } = await host.run('ping', '-c', '3', '-i', '0.2', '-s', String(size), device);
        assert.equal(code, 0, text);
        assert.match(text, /3 packets transmitted, 3 received, 0% packet loss/);
        assert.doesNotMatch(text, /wrong data byte|checksum/);
      });
    }

    it(`has its datagrams echoed by ${device}, and is told of a port that nobody has`, async () => {
      const { code, out: text } = await host.run('python3', '-c', UDP_PEER, device);
      assert.equal(code, 0, text);
      assert.match(text, /refused\ndone/);
    });

    for (const size of [0, 56, 1400, 4000]) {
      it(`is pinged by ${device} with ${size} bytes`, async () => {
        const { code, out: text } = await host.run('python3', '-c', PING_ORDER, device, `3 ${size}`);
        assert.equal(code, 0, text);
        assert.match(text, /3 of 3/);
      });
    }
  }

  it('finds the device at its link-local address, and all nodes of the link', async () => {
    const local = 'fe80::ff:fe00:1%sim0';
    const { code, out: text } = await host.run('ping', '-c', '2', '-i', '0.2', local);
    assert.equal(code, 0, text);
    const { out: all } = await host.run('ping', '-L', '-c', '1', '-w', '2', 'ff02::1%sim0');
    assert.match(all, /from fe80::ff:fe00:1%sim0/);
  });

  it('learns the hardware address by ARP', async () => {
    const { out: text } = await host.run('sh', '-c', 'ping -c 1 192.168.1.10 > /dev/null; ip neighbour show dev sim0');
    assert.match(text, /192\.168\.1\.10 lladdr 02:00:00:00:00:01 (REACHABLE|DELAY|STALE)/);
  });

  it('left a capture in which tshark finds nothing malformed and no wrong checksum', () => {
    assert.deepEqual(host.world.leaks(), []);
    const checks = ['-o', 'ip.check_checksum:TRUE', '-o', 'udp.check_checksum:TRUE'];
    const bad =
      '_ws.malformed || ip.checksum.status == "Bad" || udp.checksum.status == "Bad" || icmp.checksum.status == "Bad" || icmpv6.checksum.status == "Bad"';
    const tshark = (...args: readonly string[]): string => {
      const { stdout, stderr, status } = spawnSync('tshark', ['-r', file, ...checks, ...args], { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      return stdout;
    };
    assert.equal(tshark('-Y', bad), '');
    assert(tshark('-Y', 'icmp.type == 0').split('\n').length > 15);
    assert(tshark('-Y', 'icmp.code == 3').includes('Port unreachable'));
    assert(tshark('-Y', 'icmpv6.type == 1').includes('Port unreachable'));
    assert(tshark('-Y', 'icmpv6.type == 136').split('\n').length > 1);
  });
});
