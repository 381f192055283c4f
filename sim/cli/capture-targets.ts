import type { Lan } from '../network/lan.ts';
import type { Link } from '../network/link.ts';
import type { World } from '../world.ts';
import { UsageError } from './exit-codes.ts';

/** A name of the scenario as a part of a file's name. */
export const hostName = (name: string): string => name.replace(/[^\w.-]/g, '_').replace(/^\.+/, '_');

/** Something to capture, and the file it goes to. */
export interface CaptureTarget {
  readonly where: Lan | Link;
  readonly path: string;
}

/** The networks on which something of that name is plugged in. */
const networksOf = (world: World, port: string): readonly Lan[] =>
  world.lans.filter(({ ports }) => ports.includes(port));

function find(world: World, name: string, option: string): Lan | Link {
  const network = world.lans.find((lan) => lan.name === name);
  if (network !== undefined) return network;
  const at = name.indexOf('/');
  const port = name.slice(at + 1);
  const networks = networksOf(world, port).filter((lan) => at < 0 || lan.name === name.slice(0, at));
  const [only, ...others] = networks;
  if (only === undefined) {
    const names = world.lans.flatMap((lan) => [lan.name, ...lan.ports.map((one) => `${lan.name}/${one}`)]);
    throw new UsageError(`${option}: there is no '${name}'; there are ${names.join(', ')}`);
  }
  if (others.length === 0) return only.link(port);
  const choices = networks.map((lan) => `${lan.name}/${port}`).join(' or ');
  throw new UsageError(`${option}: '${port}' is on several networks: write ${choices}`);
}

/**
 * What `--pcap-link` asks for: `server=out/server.pcapng`, `lan/server=…`, `lan=…`.
 *
 * @throws UsageError for one that names nothing, or no file
 */
export function captureTargets(world: World, texts: readonly string[]): readonly CaptureTarget[] {
  return texts.map((text) => {
    const option = `--pcap-link ${text}`;
    const [, name = '', path = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (path === '')
      throw new UsageError(`${option}: expected a device or a network, and a file: server=server.pcapng`);
    return { where: find(world, name, option), path };
  });
}
