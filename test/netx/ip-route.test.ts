import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as nx from 'txsim/nx_api';
import { route } from '../../netx/ipv4-route.ts';
import { formatIpv4 } from '../../netx/nxd-address.ts';
import { ipStage, type IpStage } from '../support/ip-bench.ts';

const ip4 = nx.IP_ADDRESS;

/** A host on 10.0.0.0/24 and 10.0.1.0/24 with a gateway on the second, and routes to 172.16.0.0/12 and 172.16.5.0/24. */
const stage = ipStage({
  links: 2,
  macros: { NX_ENABLE_IP_STATIC_ROUTING: true },
  *body({ ip }) {
    yield* nx.nx_ip_gateway_address_set(ip, ip4(10, 0, 1, 254));
    yield* nx.nx_ip_static_route_add(ip, ip4(172, 16, 0, 0), 0xfff00000, ip4(10, 0, 0, 9));
    yield* nx.nx_ip_static_route_add(ip, ip4(172, 16, 5, 0), 0xffffff00, ip4(10, 0, 1, 5));
    yield* nx.nx_ip_static_route_add(ip, ip4(172, 16, 5, 77), 0xffffff00, ip4(10, 0, 1, 6));
  },
});

const describeRoute = ({ ip }: IpStage, to: number, from: number | null): string => {
  const found = route(ip, to, from === null ? null : (ip.nx_ip_interface[from] ?? null));
  return found === null ? 'none' : `${found.networkInterface.nx_interface_index} ${formatIpv4(found.nextHop)}`;
};

describe('the way to an address', () => {
  const table: readonly (readonly [string, number, number | null, string])[] = [
    ['a neighbour', ip4(10, 0, 0, 2), null, '0 10.0.0.2'],
    ['a neighbour on the second network', ip4(10, 0, 1, 2), null, '1 10.0.1.2'],
    ['its own address', ip4(10, 0, 1, 1), null, '1 10.0.1.1'],
    ['the host itself', ip4(127, 0, 0, 1), null, '2 127.0.0.1'],
    ['the host itself, from an interface', ip4(127, 1, 2, 3), 0, '2 127.1.2.3'],
    ['outside, by the gateway', ip4(8, 8, 8, 8), null, '1 10.0.1.254'],
    ['outside, from the gateway’s interface', ip4(8, 8, 8, 8), 1, '1 10.0.1.254'],
    ['outside, from the other', ip4(8, 8, 8, 8), 0, 'none'],
    ['a neighbour of the other interface', ip4(10, 0, 1, 2), 0, 'none'],
    ['a static route', ip4(172, 17, 0, 1), null, '0 10.0.0.9'],
    ['the longer prefix, its next hop replaced', ip4(172, 16, 5, 1), null, '1 10.0.1.6'],
    ['the longer prefix leaves by the other interface', ip4(172, 16, 5, 1), 0, '0 10.0.0.9'],
    ['everybody', 0xffffffff, null, '0 255.255.255.255'],
    ['everybody, by the second', 0xffffffff, 1, '1 255.255.255.255'],
    ['everybody on the second network', ip4(10, 0, 1, 255), null, '1 10.0.1.255'],
    ['a group', ip4(224, 0, 0, 251), null, '0 224.0.0.251'],
    ['an address of one link', ip4(169, 254, 3, 4), null, '0 169.254.3.4'],
  ];
  for (const [name, to, from, expected] of table) {
    it(`${name}: ${expected}`, () => assert.equal(describeRoute(stage, to, from), expected));
  }

  it('passes over an interface whose link is down', () => {
    const second = ipStage({ links: 2 });
    const [first] = second.ip.nx_ip_interface;
    if (first !== undefined) first.nx_interface_link_up = 0;
    assert.equal(describeRoute(second, ip4(10, 0, 0, 2), null), 'none');
    assert.equal(describeRoute(second, 0xffffffff, null), '1 255.255.255.255');
  });

  it('is gone with the interface that it goes by', () => {
    let entries = -1;
    const without = ipStage({
      links: 2,
      macros: { NX_ENABLE_IP_STATIC_ROUTING: true },
      *body({ ip }) {
        yield* nx.nx_ip_gateway_address_set(ip, ip4(10, 0, 1, 254));
        yield* nx.nx_ip_static_route_add(ip, ip4(172, 16, 0, 0), 0xfff00000, ip4(10, 0, 1, 9));
        yield* nx.nx_ip_static_route_add(ip, ip4(192, 168, 0, 0), 0xffff0000, ip4(10, 0, 0, 9));
        yield* nx.nx_ip_interface_detach(ip, 1);
        entries = ip.nx_ip_routing_table_entry_count;
      },
    });
    assert.equal(entries, 1);
    assert.equal(describeRoute(without, ip4(8, 8, 8, 8), null), 'none');
    assert.equal(describeRoute(without, ip4(172, 17, 0, 1), null), 'none');
    assert.equal(describeRoute(without, ip4(192, 168, 0, 1), null), '0 10.0.0.9');
    assert(without.links[1]?.commands.includes(nx.NX_LINK_INTERFACE_DETACH));
  });
});
