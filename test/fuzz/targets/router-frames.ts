import { describeFrame, World } from 'txsim';
import { readUint16 } from '../../../netx/wire/bytes.ts';
import { parseIpv4Header } from '../../../netx/wire/ipv4.ts';
import { parseIpv6Header } from '../../../netx/wire/ipv6.ts';
import { parseIpv6Address } from '../../../sim/ipv6-text.ts';
import { Ipv6Host } from '../../support/ipv6-host.ts';
import { TestHost } from '../../support/network-hosts.ts';
import { FrameStation } from '../frame-station.ts';
import { framesIn, inputOf, repaired } from '../frames.ts';
import { seedInputs } from '../frame-seeds.ts';
import { standing, type Stand } from '../stand.ts';
import { hold } from '../target.ts';

const ENDS = {
  ipv4: '10.0.1.1',
  from4: '10.0.1.20',
  ipv6: 'fd00:1::1',
  from6: 'fd00:1::20',
  beyond4: '10.0.2.10',
  beyond6: 'fd00:2::10',
};

function build(): Stand {
  const world = new World();
  const [one, two] = [world.lan(), world.lan({ mtu: 1280 })];
  const { interfaces } = world.router('r1', {
    interfaces: [
      { lan: one, address: '10.0.1.1/24', address6: 'fd00:1::1/64' },
      { lan: two, address: '10.0.2.1/24', address6: 'fd00:2::1/64' },
    ],
  });
  const hardware = interfaces[0]?.hardware ?? { msw: 0, lsw: 0 };
  const station = new FrameStation(world, one);
  new TestHost(two, 1, '10.0.2.10');
  new Ipv6Host(two, 2, 'fd00:2::10');
  const happened = new Set<string>();
  world.trace.listen(({ event }) => {
    if (event.type === 'router-dropped') happened.add(event.reason);
    if (event.type !== 'frame-sent' || event.from !== 'r1') return;
    const { bytes, network } = event;
    const etherType = readUint16(bytes, 12);
    if (etherType === 0x0800) hold(parseIpv4Header(bytes, 14, bytes.length) !== null, 'what is sent is IPv4');
    if (etherType === 0x86dd) hold(parseIpv6Header(bytes, 14, bytes.length) !== null, 'what is sent is IPv6');
    hold(bytes.length <= 14 + (network === two.name ? 1280 : 1500), 'what is sent fits the link');
    happened.add(`${network} ${/^[A-Za-z0-9 ]*?(?=[,:0-9]|$)/.exec(describeFrame(bytes))?.[0] ?? ''}`);
  });
  station.wait(1e9);
  return {
    feed: (input) => {
      happened.clear();
      for (const frame of framesIn(input)) {
        const bytes = repaired(frame, { hardware, xid: 0 });
        if (bytes === null) continue;
        hold(describeFrame(bytes).length > 0, 'a frame has a name');
        station.send(bytes);
        station.wait(frame.wait);
      }
      return [...happened].sort().join('; ');
    },
    settle: () => {
      station.wait(10e9);
      const [fresh4, fresh6] = ['10.0.1.201', parseIpv6Address('fd00:1::5:6:7')];
      station.ping({ hardware, ipv4: ENDS.ipv4, fresh4, ipv6: parseIpv6Address(ENDS.ipv6), fresh6 });
    },
  };
}

const join = (inputs: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(
    inputs.flatMap((input) => framesIn(input).flatMap(({ flags, bytes }) => [...inputOf([bytes], flags)])),
  );

/** Ethernet frames to a router of both versions of IP. */
export const routerFrames = standing('router-frames', () => seedInputs(ENDS), build, join);
