import { h } from './dom.ts';

const ENTRIES: readonly (readonly [className: string, text: string])[] = [
  ['running', 'running'],
  ['ready', 'ready'],
  ['blocked', 'waiting'],
  ['tx', 'tx_'],
  ['nx', 'nx_'],
  ['secure', 'nx_secure_ services'],
  ['callback', 'callback'],
  ['failed', 'status not 0'],
  ['dtls', 'DTLS handshake'],
  ['data', 'DTLS data'],
  ['arp', 'ARP'],
  ['other', 'other frames'],
  ['lost', 'lost'],
  ['fault', 'fault'],
];

/** What the colours mean. */
export function legend(): HTMLElement {
  return h(
    'ul',
    { class: 'legend', 'aria-label': 'Legend' },
    ...ENTRIES.map(([name, text]) => h('li', {}, h('i', { class: `k-${name}`, 'aria-hidden': 'true' }), text)),
  );
}
