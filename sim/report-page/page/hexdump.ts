import { h } from './dom.ts';
import type { Layer } from './layer.ts';

const WIDTH = 16;

/** Bytes as people read them: offset, hexadecimal digits, letters; each layer's bytes with a tint of its own. */
export function hexDump(bytes: Uint8Array, layers: readonly Layer[]): HTMLElement {
  const rows: Node[] = [];
  for (let at = 0; at < bytes.length; at += WIDTH) {
    const row = h('div', {}, h('span', { class: 'offset' }, at.toString(16).padStart(4, '0')));
    for (let column = 0; column < WIDTH; column++) {
      const byte = bytes[at + column];
      const text = byte === undefined ? '  ' : byte.toString(16).padStart(2, '0');
      const layer = layers.findLastIndex(({ from, to }) => at + column >= from && at + column < to);
      const tint = layer < 0 || byte === undefined ? null : `l${layer % 5}`;
      row.append(h('span', { class: tint, title: tint === null ? null : layers[layer]?.name }, text));
      row.append(column === 7 ? '  ' : ' ');
    }
    const letters = Array.from(bytes.subarray(at, at + WIDTH), (byte) =>
      byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·',
    );
    row.append(h('span', { class: 'letters' }, letters.join('')));
    rows.push(row);
  }
  return h('div', { class: 'hex', tabindex: 0, role: 'group', 'aria-label': 'Bytes of the frame' }, ...rows);
}
