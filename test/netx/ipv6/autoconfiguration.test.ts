import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulationError, World } from 'txsim';
import { out, tx_thread_sleep, type ULONG } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { formatIpv6 } from '../../../netx/nxd-address.ts';
import { NO_ND_OPTIONS, type PrefixInformation } from '../../../netx/wire/nd-options.ts';
import { RouterAdvertiser, type RouterAdvertiserOptions } from '../../../sim/network/router-advertiser.ts';
import { addressText, ipv6Firmware, words6 } from '../../support/ipv6-firmware.ts';
import { DEVICE, PEER, PEER_HARDWARE, peerWorld, runFor, type NdPeer } from '../../support/nd-world.ts';

const NOTIFY = { NX_ENABLE_IPV6_ADDRESS_CHANGE_NOTIFY: true };

/** A host that prints its address changes, and its instance. */
function host(): { readonly firmware: ReturnType<typeof ipv6Firmware>; readonly ip: () => nx.NX_IP } {
  let instance = new nx.NX_IP();
  const firmware = ipv6Firmware(
    function* ({ ip, board }) {
      instance = ip;
      yield* nx.nxd_ipv6_address_change_notify(ip, (_ip, status, _interface, index, address) => {
        board.print(`${status} ${index} ${formatIpv6(address)}`);
      });
      yield* nx.nxd_ipv6_address_set(ip, 0, null, 10, null);
      yield* tx_thread_sleep(0xfffffffe);
    },
    { linkLocal: false, settle: false },
  );
  return { firmware, ip: () => instance };
}

/** A world of a host and an advertiser. */
function advertised(options: RouterAdvertiserOptions): {
  readonly world: World;
  readonly ip: () => nx.NX_IP;
  readonly printed: () => string;
  readonly router: RouterAdvertiser;
} {
  const world = new World();
  const lan = world.lan();
  const { firmware, ip } = host();
  world.device('device', { firmware, lan, config: NOTIFY });
  const router = new RouterAdvertiser(world.clock, options);
  router.plug(lan.attach(router));
  return { world, ip, router, printed: () => world.devices.get('device')?.output.toString() ?? '' };
}

const LINK_LOCAL = '1 0 fe80::ff:fe00:1';

describe('addresses from the prefixes of a router', () => {
  it('are formed, found unique, deprecated, and expire', () => {
    const { world, ip, printed, router } = advertised({
      prefixes: ['2001:db8:1::/64'],
      validLifetime: '40s',
      preferredLifetime: '20s',
      routerLifetime: '30s',
      mtu: 1400,
    });
    runFor(world, 8);
    assert.equal(addressText(ip(), 1), '2001:db8:1::ff:fe00:1');
    const ip6 = ip().ipv6;
    const [networkInterface] = ip().nx_ip_interface;
    assert(ip6 !== null && networkInterface !== undefined);
    assert.deepEqual(
      [ip6.hopLimit, ip6.linkMtu(networkInterface), ip6.routers.size, ip6.prefixes.size],
      [64, 1400, 1, 1],
    );
    router.unplug();
    runFor(world, 16);
    assert.equal(ip6.addresses[1]?.nxd_ipv6_address_state, nx.NX_IPV6_ADDR_STATE_DEPRECATED);
    assert.equal(ip6.routers.size, 1);
    runFor(world, 30);
    assert.deepEqual([addressText(ip(), 1), ip6.routers.size, ip6.prefixes.size], [null, 0, 0]);
    const global = '2001:db8:1::ff:fe00:1';
    assert.equal(
      printed(),
      [LINK_LOCAL, `2 1 ${global}`, '7 0 fe80::ff:fe00:1', `7 1 ${global}`, `6 1 ${global}`].join('\n'),
    );
  });

  it('last as long as the router renews them', () => {
    const { world, ip } = advertised({
      prefixes: ['2001:db8:1::/64'],
      validLifetime: '20s',
      preferredLifetime: '15s',
      interval: '10s',
    });
    runFor(world, 120);
    assert.equal(ip().ipv6?.addresses[1]?.nxd_ipv6_address_state, nx.NX_IPV6_ADDR_STATE_VALID);
  });

  it('are not formed from prefixes that leave no room, of the link itself, or with lifetimes that contradict', () => {
    const { world, ip } = advertised({ prefixes: ['2001:db8:1::/72', 'fe80::/64'] });
    const other = advertised({ prefixes: ['2001:db8:1::/64'], validLifetime: '10s', preferredLifetime: '20s' });
    runFor(world, 10);
    runFor(other.world, 10);
    assert.equal(addressText(ip(), 1), null);
    assert.equal(addressText(other.ip(), 1), null);
  });

  it('a prefix that is none is refused when the world is built', () => {
    for (const prefix of ['2001:db8::', 'x/64', '2001:db8::/129']) {
      assert.throws(() => new RouterAdvertiser(new World().clock, { prefixes: [prefix] }), SimulationError);
    }
  });
});

describe('router solicitations', () => {
  it('are sent three times, four seconds apart, where no router answers', () => {
    const { world, peer } = peerWorld(host().firmware, NOTIFY);
    runFor(world, 30);
    const sent = peer.of('router-solicitation');
    assert.deepEqual(
      sent.map(({ time, ip }) => [Math.round(time / 1e9), formatIpv6(ip.source), formatIpv6(ip.destination)]),
      [
        [1, '::', 'ff02::2'],
        [5, formatIpv6(DEVICE), 'ff02::2'],
        [9, formatIpv6(DEVICE), 'ff02::2'],
      ],
    );
  });

  it('stop with the first answer', () => {
    const { world, peer } = peerWorld(host().firmware, NOTIFY);
    runFor(world, 3);
    advertise(peer, {});
    runFor(world, 30);
    assert.equal(peer.of('router-solicitation').length, 1);
  });
});

/** Advertises a router that is the peer. */
function advertise(
  peer: NdPeer,
  { lifetime = 1800, prefixes = [] }: { readonly lifetime?: number; readonly prefixes?: readonly PrefixInformation[] },
  source = PEER,
): void {
  const nd = {
    kind: 'router-advertisement',
    hopLimit: 0,
    managed: false,
    otherConfiguration: false,
    routerLifetime: lifetime,
    reachableTime: 0,
    retransTimer: 0,
    options: { ...NO_ND_OPTIONS, sourceLinkLayer: PEER_HARDWARE, prefixes },
  } as const;
  peer.send(nd, words6('ff02::1'), source);
}

describe('default routers', () => {
  it('come and go as they say, and are read by their services', () => {
    const seen: string[] = [];
    const firmware = ipv6Firmware(function* ({ ip }) {
      for (;;) {
        const [count, lifetime, prefix, method] = [out<number>(), out<ULONG>(), out<ULONG>(), out<ULONG>()];
        const address = new nx.NXD_ADDRESS();
        yield* nx.nxd_ipv6_default_router_number_of_entries_get(ip, 0, count);
        const status = yield* nx.nxd_ipv6_default_router_entry_get(ip, 0, 0, address, lifetime, prefix, method);
        const text = formatIpv6(address.nxd_ip_address.v6);
        seen.push(
          status === 0
            ? `${count.value} ${text}/${prefix.value} ${method.value}`
            : `${count.value} 0x${status.toString(16)}`,
        );
        yield* tx_thread_sleep(100);
      }
    });
    const { world, peer } = peerWorld(firmware);
    runFor(world, 7.5);
    advertise(peer, {});
    runFor(world, 2);
    advertise(peer, { lifetime: 0 });
    runFor(world, 2);
    assert.deepEqual([...new Set(seen)], ['0 0x4e', `1 ${formatIpv6(PEER)}/10 1`]);
    assert.equal(seen.at(-1), '0 0x4e');
  });

  it('an advertisement from an address that is not link-local is not believed', () => {
    const { firmware, ip } = host();
    const { world, peer } = peerWorld(firmware, NOTIFY);
    runFor(world, 6);
    advertise(peer, {}, words6('2001:db8::1'));
    runFor(world, 1);
    assert.equal(ip().ipv6?.routers.size, 0);
  });

  it('more prefixes than the table takes do no harm', () => {
    const { firmware, ip } = host();
    const { world, peer } = peerWorld(firmware, NOTIFY);
    runFor(world, 6);
    for (let count = 0; count < 40; count++) {
      const prefix = Uint32Array.of(0x20010db8, count, 0, 0);
      const one = {
        prefix,
        prefixLength: 64,
        onLink: true,
        autonomous: true,
        validLifetime: 900,
        preferredLifetime: 900,
      };
      advertise(peer, { prefixes: [one] }, Uint32Array.of(0xfe800000, 0, 0, count + 1));
    }
    runFor(world, 10);
    const ip6 = ip().ipv6;
    assert.deepEqual([ip6?.prefixes.size, ip6?.routers.size, ip6?.addresses.length], [8, 8, 4]);
    assert.equal(addressText(ip(), 2), '2001:db8:0:1:0:ff:fe00:1');
  });

  it('a prefix that a router does not want any more takes two hours at least', () => {
    const { firmware, ip } = host();
    const { world, peer } = peerWorld(firmware, NOTIFY);
    runFor(world, 6);
    const one = { prefix: words6('2001:db8::'), prefixLength: 64, onLink: true, autonomous: true };
    advertise(peer, { prefixes: [{ ...one, validLifetime: 90_000, preferredLifetime: 90_000 }] });
    runFor(world, 5);
    advertise(peer, { prefixes: [{ ...one, validLifetime: 10, preferredLifetime: 10 }] });
    runFor(world, 60);
    const own = ip().ipv6?.addresses[1];
    assert.equal(own?.nxd_ipv6_address_state, nx.NX_IPV6_ADDR_STATE_DEPRECATED);
    assert(own.validLifetime > 7000 && own.validLifetime <= 7200);
  });
});
