import { defineFirmware, describeFrame, World } from 'txsim';
import { out, TX_AUTO_START, TX_NO_TIME_SLICE, TX_THREAD, tx_thread_create, type Thread } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as dhcp from 'txsim/nxd_dhcp_client';
import { linkLocalOf } from '../../../netx/ipv6/address.ts';
import { readUint16, readUint32 } from '../../../netx/wire/bytes.ts';
import { bootNetwork, type TestNetwork } from '../../support/dtls-firmware.ts';
import { ipv6, receiveText6, sendText6 } from '../../support/ipv6-firmware.ts';
import { parseIpv6Address } from '../../../sim/ipv6-text.ts';
import { FrameStation } from '../frame-station.ts';
import { framesIn, inputOf, repaired } from '../frames.ts';
import { seedInputs } from '../frame-seeds.ts';
import { standing, type Stand } from '../stand.ts';
import { hold } from '../target.ts';

/** A group that the device has joined. */
const GROUP = nx.IP_ADDRESS(239, 1, 1, 1);
const ENDS = {
  ipv4: '192.168.1.10',
  from4: '192.168.1.20',
  ipv6: 'fe80::ff:fe00:1',
  from6: 'fe80::aa:ff:fe00:9',
  beyond4: '192.168.1.255',
  beyond6: 'fd00::10',
};

/**
 * How long something may take to be given up, in nanoseconds: fragments wait a minute, and the error about them for three
 * more until ARP gives up.
 */
const REST = 300e9;

/** Everything that takes frames is on; datagrams to port 7 come back. `client`: its address comes from DHCP. */
const firmwareOf = (networks: TestNetwork[], client: boolean) =>
  defineFirmware((board) => {
    const network = bootNetwork(client ? { ...board, ip_address: 0, network_mask: 0 } : board);
    networks.push(network);
    const { ip } = network;
    const [socket, thread, session] = [new nx.NX_UDP_SOCKET(), new TX_THREAD(), new dhcp.NX_DHCP()];
    function* main(): Thread {
      yield* nx.nx_ip_status_check(ip, nx.NX_IP_INITIALIZE_DONE, out(), nx.NX_WAIT_FOREVER);
      yield* nx.nxd_ipv6_address_set(ip, 0, null, 10, null);
      yield* nx.nxd_ipv6_address_set(ip, 0, ipv6(`fd00::${client ? 11 : 10}`), 64, null);
      yield* nx.nx_igmp_multicast_join(ip, GROUP);
      if (client) {
        yield* dhcp.nx_dhcp_create(session, ip, board.name);
        yield* dhcp.nx_dhcp_start(session);
      }
      yield* nx.nx_udp_socket_create(ip, socket, 'echo', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 64, 4);
      yield* nx.nx_udp_socket_bind(socket, 7, nx.NX_NO_WAIT);
      for (;;) {
        const { text, from, port } = yield* receiveText6(socket, nx.NX_WAIT_FOREVER);
        yield* sendText6(network, socket, text, from, port);
      }
    }
    return {
      *tx_application_define(memory) {
        yield* network.define(memory);
        yield* nx.nxd_ipv6_enable(ip);
        yield* nx.nxd_icmp_enable(ip);
        yield* nx.nx_igmp_enable(ip);
        yield* nx.nx_ip_fragment_enable(ip);
        const stack = network.take(4096);
        yield* tx_thread_create(thread, 'main', main, 0, stack, 4096, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
      },
    };
  });

function build(): Stand {
  const world = new World();
  const lan = world.lan();
  world.dhcpServer(lan);
  const networks: TestNetwork[] = [];
  const config = { NX_ENABLE_IPV6_PATH_MTU_DISCOVERY: true };
  world.device('plain', { firmware: firmwareOf(networks, false), lan, config });
  world.device('client', { firmware: firmwareOf(networks, true), lan, config });
  const station = new FrameStation(world, lan);
  const happened = new Set<string>();
  let xid = 0;
  world.trace.listen(({ event, device }) => {
    if (event.type === 'datagram-dropped') happened.add(event.reason);
    if (event.type !== 'frame-sent' || event.from === 'fuzz') return;
    const { bytes } = event;
    happened.add(`${device ?? ''} ${/^[A-Za-z0-9 ]*?(?=[,:0-9]|$)/.exec(describeFrame(bytes))?.[0] ?? ''}`);
    const isDiscovery = readUint16(bytes, 12) === 0x0800 && readUint16(bytes, 36) === 67;
    if (isDiscovery && event.from === 'client') xid = readUint32(bytes, 46);
  });
  station.wait(15e9);
  const hardware = [...world.devices.values()].map(({ nic }) => nic.address);
  let pings = 0;
  return {
    feed: (input) => {
      happened.clear();
      for (const frame of framesIn(input)) {
        for (const address of hardware) {
          const bytes = repaired(frame, { hardware: address, xid });
          if (bytes === null) continue;
          hold(describeFrame(bytes).length > 0, 'a frame has a name');
          station.send(bytes);
        }
        station.wait(frame.wait);
      }
      return [...happened].sort().join('; ');
    },
    settle: () => {
      station.wait(REST);
      const isFull = ({ pool }: TestNetwork): boolean => pool.nx_packet_pool_available === pool.nx_packet_pool_total;
      for (let second = 0; second < 30 && !networks.every(isFull); second++) station.wait(1e9);
      for (const network of networks) {
        const { nx_packet_pool_available: available, nx_packet_pool_total: total } = network.pool;
        hold(
          isFull(network),
          `every packet comes back to its pool: ${network.board.name} has ${available} of ${total}`,
        );
      }
      hold(world.leaks().length === 0, 'nothing leaks');
      hold(
        world.notes().every(({ kind }) => kind !== 'packet-misuse'),
        'packets are used as they should be',
      );
      const fresh = ++pings;
      station.ping({
        hardware: { msw: 0x0200, lsw: 1 },
        ipv4: ENDS.ipv4,
        fresh4: `192.168.1.${200 + fresh}`,
        ipv6: linkLocalOf({ msw: 0x0200, lsw: 1 }),
        fresh6: parseIpv6Address(`fe80::5:6:7:${fresh}`),
      });
    },
  };
}

const join = (inputs: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(
    inputs.flatMap((input) => framesIn(input).flatMap(({ flags, bytes }) => [...inputOf([bytes], flags)])),
  );

/** Ethernet frames to two booted devices, one of them a DHCP client. */
export const deviceFrames = standing('device-frames', () => seedInputs(ENDS), build, join);
