import { packetPools } from '../../netx/device-state.ts';
import type { NX_PACKET_POOL } from '../../netx/packet-pool-block.ts';
import type { PacketHolding, PacketShortage } from '../../netx/packet-shortage.ts';
import type { Device } from '../device.ts';
import { formatTime } from '../duration.ts';
import type { Note } from './notes.ts';

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** `5 waited in a queue of the stack`, `2 were held since nx_packet_allocate() in thread 'main'`. */
function describeHolding({ holder, isQueued, service, thread, count }: PacketHolding): string {
  if (isQueued) return `${count} waited in a queue of the stack`;
  const were = `${count} ${count === 1 ? 'was' : 'were'}`;
  if (holder === 'driver') return `${were} with the driver`;
  if (holder === 'stack') return `${were} on the way through the stack`;
  return `${were} held since ${service}() in thread '${thread}'`;
}

/** What became of the requests that found the pool empty. */
function fates({ requests, frames }: PacketShortage, waited: number): string {
  const refused = requests - frames - waited;
  const parts = [
    frames === 0 ? '' : `${counted(frames, 'frame')} that arrived ${frames === 1 ? 'was' : 'were'} lost`,
    waited === 0 ? '' : `${counted(waited, 'request')} waited`,
    refused <= 0 ? '' : `${counted(refused, 'request')} got none`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function describeShortage(pool: NX_PACKET_POOL, shortage: PacketShortage): string {
  const { nx_packet_pool_name: name, nx_packet_pool_total: total, nx_packet_pool_empty_suspensions: waited } = pool;
  const { since, holdings, requests, mostUnmet } = shortage;
  const held = holdings.map(describeHolding).join(', ');
  return [
    `pool '${name}' (${counted(total, 'packet')}) was empty ${counted(requests, 'time')}, first at ${formatTime(since)}: ${fates(shortage, waited)};`,
    `    of its packets ${held} then.`,
    pool.nx_packet_pool_available === 0
      ? '    It is empty still: somebody does not release them, and more of them would only put that off.'
      : `    Release packets sooner, or give it more: it was short of ${mostUnmet} at most, so try ${total + mostUnmet} packets.`,
  ].join('\n');
}

/** The pools of a device that were found empty. */
export function emptyPools(device: Device): readonly Note[] {
  return [...packetPools(device.kernel)].flatMap((pool) => {
    const { shortage } = pool;
    if (shortage === null) return [];
    const text = describeShortage(pool, shortage);
    return [{ device: device.name, kind: 'pool-empty', text, count: 1, since: shortage.since, thread: '' }];
  });
}
