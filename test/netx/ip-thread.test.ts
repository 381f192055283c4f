import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { out, TX_THREAD, TX_AUTO_START, tx_thread_create, tx_thread_sleep, type Thread } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { eventFlagsSet } from '../../kernel/event-flags.ts';
import { EVENT_ORDER } from '../../netx/ip-events.ts';
import type { IpModule } from '../../netx/ip-module.ts';
import { ipv6Of } from '../../netx/ipv6/ipv6.ts';
import { startFastTimer } from '../../netx/ip-thread.ts';
import { linkStatusEvent } from '../../netx/link-status.ts';
import { takePacket } from '../../netx/packet-pool.ts';
import { ipPacket, ipStage, PEER, udpDatagram, US } from '../support/ip-bench.ts';

const { NX_LINK_INTERFACE_ATTACH: ATTACH, NX_LINK_INITIALIZE: INITIALIZE, NX_LINK_ENABLE: ENABLE } = nx;

/** A part of the stack that notes what it is asked to do. */
function noting(log: string[], name: string): IpModule {
  const note = (what: string) => (): null => {
    log.push(`${name} ${what}`);
    return null;
  };
  return { process: note('queue'), periodic: note('second'), fastPeriodic: note('tenth'), stop: note('stop') };
}

describe('the IP thread', () => {
  it('attaches, initializes and enables each interface when it starts', () => {
    const { links } = ipStage({ links: 2 });
    for (const { commands } of links) assert.deepEqual(commands.slice(0, 3), [ATTACH, INITIALIZE, ENABLE]);
  });

  it('deals with the events of one interrupt in NetX Duo’s order', () => {
    const log: string[] = [];
    const stage = ipStage();
    const { ip, pool, device } = stage;
    const { kernel } = device;
    ip.rarp = noting(log, 'RARP');
    ip.icmp = noting(log, 'ICMP');
    Object.assign(ipv6Of(kernel, ip), noting(log, 'IPv6'));
    ip.igmp = noting(log, 'IGMP');
    ip.driverPacketHandler = function* (_, packet) {
      log.push('driver packet');
      yield* nx.nx_packet_release(packet);
    };
    ip.linkStatusNotify = () => void log.push('link status');
    ip.nx_ip_raw_received_packet_max = 1;
    ip.rawEnabled = true;
    ip.rawFilter = function* (_, __, packet) {
      log.push('received packet');
      yield* nx.nx_packet_release(packet);
      return nx.NX_SUCCESS;
    };
    const [link] = stage.links;
    assert(link !== undefined);
    const entry = link.entry;
    const one = ip.nx_ip_interface[0];
    assert(one !== undefined);
    one.nx_interface_link_driver_entry = (request) => {
      const { nx_ip_driver_command: command } = request;
      if (command === nx.NX_LINK_DEFERRED_PROCESSING) log.push('driver deferred');
      if (command === nx.NX_LINK_MULTICAST_JOIN) log.push('join all hosts');
      return entry(request);
    };
    device.interrupt(() => {
      const { nx_ip_events: events } = ip;
      // The first flag wakes the thread with itself alone, as event flags do; this one has nothing to do.
      eventFlagsSet(kernel, events, nx.NX_IP_TCP_CLEANUP_DEFERRED);
      linkStatusEvent(kernel, ip, one);
      for (const { event } of EVENT_ORDER.toReversed()) eventFlagsSet(kernel, events, event);
      const packet = takePacket(kernel, pool, 0);
      if (packet !== null) ip.driverPackets.push(packet);
    });
    const others = log.splice(0);
    stage.inject(ipPacket({ protocol: 200 }, new Uint8Array(8)));
    assert.deepEqual(log, ['received packet']);
    assert.deepEqual(others, [
      'driver packet',
      'IPv6 tenth',
      'RARP second',
      'IGMP second',
      'IPv6 second',
      'RARP queue',
      'IGMP queue',
      'join all hosts',
      'ICMP queue',
      'driver deferred',
      'link status',
    ]);
    stage.assertAllFree();
  });

  it('looks at received packets before fragments, and at those before the driver', () => {
    const order = EVENT_ORDER.map(({ event }) => event);
    assert.deepEqual(order, [0x200, 0x8, 0x80, 0x100, 0x1, 0x10, 0x20, 0x40, 0x400, 0x2, 0x4, 0x800, 0x1000, 0x4000]);
  });

  it('runs what is due once a second, and ten times a second where that is asked for', () => {
    const log: string[] = [];
    const stage = ipStage();
    const { kernel } = stage.device;
    const ip6 = Object.assign(ipv6Of(kernel, stage.ip), noting(log, 'IPv6'), { enabled: true });
    Object.defineProperties(ip6, { countsSeconds: { value: true }, asksNeighbors: { value: true } });
    stage.device.interrupt(() => startFastTimer(kernel, stage.ip, 10));
    stage.wait('2s');
    assert.equal(log.filter((line) => line === 'IPv6 second').length, 2);
    assert.equal(log.filter((line) => line === 'IPv6 tenth').length, 20);
  });

  it('tells of a link that goes down, as the driver says', () => {
    const seen: string[] = [];
    const stage = ipStage({
      *body({ ip }) {
        yield* nx.nx_ip_link_status_change_notify_set(ip, (_, index, up) => void seen.push(`${index}: ${up}`));
      },
    });
    const [link] = stage.links;
    if (link !== undefined) link.up = 0;
    const one = stage.ip.nx_ip_interface[0];
    if (one !== undefined) stage.device.interrupt(() => linkStatusEvent(stage.device.kernel, stage.ip, one));
    assert.deepEqual(seen, ['0: 0']);
  });
});

describe('an IP instance', () => {
  it('tells of another address once it has it', () => {
    const seen: string[] = [];
    ipStage({
      *body({ ip }) {
        yield* nx.nx_ip_address_change_notify(ip, (_, info) => void seen.push(String(info)), 'told');
        yield* nx.nx_ip_address_set(ip, US, 0xffffff00);
        seen.push('the same');
        yield* nx.nx_ip_address_set(ip, PEER, 0xffffff00);
      },
    });
    assert.deepEqual(seen, ['the same', 'told']);
  });

  it('can be deleted with everything it holds, and created again', () => {
    const log: string[] = [];
    const waiting = new TX_THREAD();
    const stage = ipStage({
      *body(bench) {
        const { ip, pool, links, take } = bench;
        yield* nx.nx_arp_enable(ip, take(520), 520);
        yield* nx.nx_ip_raw_packet_enable(ip);
        yield* nx.nx_ip_fragment_enable(ip);
        yield* nx.nx_ip_interface_address_mapping_configure(ip, 0, nx.NX_TRUE);
        const cell = out<nx.NX_PACKET>();
        yield* nx.nx_packet_allocate(pool, cell, nx.NX_IP_PACKET, nx.NX_NO_WAIT);
        yield* nx.nx_packet_data_append(cell.value, new Uint8Array(9), 9, pool, nx.NX_NO_WAIT);
        log.push(`waits for ARP: ${yield* nx.nx_ip_raw_packet_send(ip, cell.value, PEER, 0)}`);
        const receive = function* (): Thread {
          log.push(`receive: ${yield* nx.nx_ip_raw_packet_receive(ip, out(), nx.NX_WAIT_FOREVER)}`);
        };
        yield* tx_thread_create(waiting, 'waiting', receive, 0, take(512), 512, 6, 6, 0, TX_AUTO_START);
        yield* tx_thread_sleep(20);
        const stack = ip.nx_ip_thread.tx_thread_stack_start;
        log.push(`delete: ${yield* nx.nx_ip_delete(ip)}`, `commands: ${links[0]?.commands.slice(-2).join() ?? ''}`);
        log.push(`deleted: ${yield* nx.nx_ip_delete(ip)}`);
        const driver = links[0]?.entry ?? null;
        const again = yield* nx.nx_ip_create(ip, 'again', US, 0xffffff00, pool, driver, stack, 1024, 1);
        log.push(`create: ${again}, UDP ${yield* nx.nx_udp_enable(ip)}`);
        yield* tx_thread_sleep(1);
      },
    });
    // A fragment that never gets its others goes with the instance.
    stage.inject(ipPacket({ moreFragments: true }, new Uint8Array(16)));
    stage.wait('1s');
    assert.deepEqual(log, [
      'waits for ARP: 0',
      'delete: 0',
      `commands: ${nx.NX_LINK_DISABLE},${nx.NX_LINK_UNINITIALIZE}`,
      `deleted: ${nx.NX_PTR_ERROR}`,
      'create: 0, UDP 0',
      `receive: ${nx.NX_NO_PACKET}`,
    ]);
    assert.equal(stage.ip.reassembly, null);
    stage.inject(ipPacket({}, udpDatagram(new Uint8Array(4))));
    assert.equal(stage.ip.nx_ip_udp_no_port_for_delivery, 1);
    stage.assertAllFree();
  });

  it('lets a late interrupt of its driver go nowhere once it is deleted', () => {
    const stage = ipStage({
      *body({ ip }) {
        yield* nx.nx_ip_delete(ip);
      },
    });
    stage.inject(ipPacket({}, udpDatagram(new Uint8Array(4))));
    stage.assertAllFree();
  });

  it('sends to itself by its own address and by 127.0.0.1, without a driver', () => {
    const received: string[] = [];
    const stage = ipStage({
      *body({ ip, pool }) {
        const socket = new nx.NX_UDP_SOCKET();
        yield* nx.nx_udp_socket_create(ip, socket, 's', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 9, 5);
        yield* nx.nx_udp_socket_bind(socket, 7, nx.NX_NO_WAIT);
        for (const to of [US, nx.IP_ADDRESS(127, 0, 0, 1), nx.IP_ADDRESS(127, 9, 9, 9)]) {
          const cell = out<nx.NX_PACKET>();
          yield* nx.nx_packet_allocate(pool, cell, nx.NX_UDP_PACKET, nx.NX_NO_WAIT);
          yield* nx.nx_packet_data_append(cell.value, new Uint8Array(5), 5, pool, nx.NX_NO_WAIT);
          yield* nx.nx_udp_socket_send(socket, cell.value, to, 7);
          const [back, from, port] = [out<nx.NX_PACKET>(), out<number>(), out<number>()];
          yield* nx.nx_udp_socket_receive(socket, back, 10);
          yield* nx.nx_udp_source_extract(back.value, from, port);
          received.push(`${back.value.nx_packet_length} bytes from ${from.value.toString(16)}`);
          yield* nx.nx_packet_release(back.value);
        }
      },
    });
    assert.deepEqual(received, ['5 bytes from a000001', '5 bytes from 7f000001', '5 bytes from 7f000001']);
    assert.deepEqual(stage.links[0]?.sent, []);
    stage.assertAllFree();
  });

  it('without the loopback interface has no way to 127.0.0.1', () => {
    let status = -1;
    ipStage({
      macros: { NX_DISABLE_LOOPBACK_INTERFACE: true },
      *body({ ip, pool }) {
        yield* nx.nx_ip_gateway_address_set(ip, PEER);
        yield* nx.nx_ip_gateway_address_clear(ip);
        yield* nx.nx_ip_raw_packet_enable(ip);
        const cell = out<nx.NX_PACKET>();
        yield* nx.nx_packet_allocate(pool, cell, nx.NX_IP_PACKET, nx.NX_NO_WAIT);
        status = yield* nx.nx_ip_raw_packet_send(ip, cell.value, nx.IP_ADDRESS(127, 0, 0, 1), 0);
        yield* nx.nx_packet_release(cell.value);
      },
    });
    assert.equal(status, nx.NX_IP_ADDRESS_ERROR);
  });
});
