import { h } from './dom.ts';

const ENTRIES: readonly (readonly [className: string, text: string])[] = [
  ['running', 'running'],
  ['ready', 'ready'],
  ['blocked', 'waiting'],
  ['tx', 'tx_ service'],
  ['nx', 'nx_ service'],
  ['secure', 'nx_secure_ service'],
  ['callback', 'callback'],
  ['failed', 'status not 0'],
  ['dtls', 'DTLS handshake'],
  ['data', 'application data'],
  ['arp', 'ARP'],
  ['lost', 'lost'],
  ['fault', 'touched by a fault'],
];

/** What the colours mean. */
export function legend(): HTMLElement {
  return h(
    'ul',
    { class: 'legend', 'aria-label': 'Legend' },
    ...ENTRIES.map(([name, text]) => h('li', {}, h('i', { class: `k-${name}`, 'aria-hidden': 'true' }), text)),
  );
}
