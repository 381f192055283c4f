import { SERVICES } from '../explain/services.ts';
import { explained } from '../explain/statuses.ts';
import { STATUSES, statusName } from '../status-names.ts';
import type { StatusMeaning } from './data.ts';

const family = (service: string): 'tx' | 'nx' => (service.startsWith('tx_') ? 'tx' : 'nx');

/** Whether what a service gives is a status: some give a count or a time. */
export function givesStatus(service: string): boolean {
  const statuses = SERVICES[service];
  return statuses === undefined || Object.keys(statuses).length > 0;
}

/** Collects the meanings of the statuses that services gave. */
export class StatusMeanings {
  readonly #names = new Map<string, Map<number, string>>();

  /** The name of a status of a service: `NX_NO_PACKET (0x01)`. */
  nameOf(service: string, status: number): string {
    let names = this.#names.get(service);
    if (names === undefined) {
      names = new Map();
      this.#names.set(service, names);
    }
    const known = names.get(status);
    if (known !== undefined) return known;
    const name = statusName(status, family(service));
    names.set(status, name);
    return name;
  }

  /** The meaning of every status that was seen, by `service:status`. */
  all(): Readonly<Record<string, StatusMeaning>> {
    const meanings: Record<string, StatusMeaning> = {};
    for (const [service, names] of this.#names) {
      for (const [status, name] of names) meanings[`${service}:${status}`] = meaningOf(service, name);
    }
    return meanings;
  }
}

function meaningOf(service: string, name: string): StatusMeaning {
  const bare = name.replace(/ \(.*$/, '');
  const status = STATUSES.find((one) => one.name === bare);
  if (status === undefined) return { name, meaning: '', when: '', causes: [] };
  const { meaning, causes, services } = explained(status);
  const when = services.find((giver) => giver.service === service)?.when ?? '';
  return { name, meaning, when, causes: status.code === 0 ? [] : causes };
}
