import type { Device } from '../device.ts';
import { GIVES_NUMBER, serviceStatus } from '../trace/event-words.ts';
import type { Note } from './notes.ts';

/** The services that failed in `tx_application_define`, where firmware seldom looks at a status. */
export function failedInitialization({ name: device, kernel }: Device): readonly Note[] {
  return kernel.initializationFailures.all.flatMap(({ service, status, time: since, site }): readonly Note[] => {
    const gave = serviceStatus(service, status);
    // What is there already is there.
    if (GIVES_NUMBER.has(service) || gave.includes('ALREADY')) return [];
    const place = site === null ? '' : ` at ${site}`;
    const text = `${service}() gave ${gave} in tx_application_define${place}: what it was to do was not done; look at the status`;
    return [{ device, kind: 'initialization-failed', text, count: 1, since, thread: '' }];
  });
}
