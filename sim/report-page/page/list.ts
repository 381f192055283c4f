import { formatExact } from './axis.ts';
import { h } from './dom.ts';
import type { Model } from './model.ts';
import { clamp, lowerBound } from './numbers.ts';

const ROW = 24;
/** Browsers end tall elements somewhere; beyond this the list scrolls by parts. */
const TALLEST = 8_000_000;

/** The list of events: only the rows in sight are there. */
export class EventList {
  readonly element: HTMLElement;
  /** The events in the list, by index into the model. */
  shown: Int32Array<ArrayBuffer> | null = null;
  length = 0;
  readonly #model: Model;
  readonly #select: (event: number) => void;
  readonly #spacer = h('div', { class: 'spacer' });
  readonly #rows = h('div', { class: 'rows', role: 'presentation' });
  readonly #box = h('div', {
    class: 'list-box',
    role: 'listbox',
    tabindex: 0,
    'aria-label': 'Events',
    id: 'events',
  });
  #selected = -1;
  #frame = 0;

  /** @param select - an event was chosen */
  constructor(model: Model, select: (event: number) => void) {
    this.#model = model;
    this.#select = select;
    const names = ['time, s', 'device', 'thread', 'type', 'what'];
    const heads = h('div', { class: 'list-head', 'aria-hidden': 'true' }, ...names.map((name) => h('span', {}, name)));
    this.#box.append(this.#spacer, this.#rows);
    this.element = h('div', { class: 'list' }, heads, this.#box);
    this.#box.addEventListener('scroll', () => this.redraw(), { passive: true });
    this.#rows.addEventListener('click', ({ target }) => {
      const row = target instanceof Element ? target.closest('[data-event]') : null;
      if (row !== null) this.#select(Number(row.getAttribute('data-event')));
    });
    new ResizeObserver(() => this.redraw()).observe(this.#box);
  }

  /** Shows the events that a mask lets through. */
  show(mask: Uint8Array | null): void {
    const { count } = this.#model;
    if (mask === null) {
      this.shown = null;
      this.length = count;
    } else {
      const shown = new Int32Array(count);
      let length = 0;
      for (let event = 0; event < count; event++) if (mask[event] === 1) shown[length++] = event;
      this.shown = shown;
      this.length = length;
    }
    this.redraw();
  }

  /** The event of a row. */
  eventAt(row: number): number {
    return this.shown === null ? row : (this.shown[row] ?? -1);
  }

  /** The row of an event, or the first one after it. */
  rowOf(event: number): number {
    return this.shown === null ? event : lowerBound(this.shown, event, this.length);
  }

  /** The event that is some rows from the selected one. */
  step(by: number): number {
    if (this.length === 0) return -1;
    const row = this.rowOf(this.#selected);
    const isThere = this.eventAt(row) === this.#selected;
    if (this.#selected < 0) return this.eventAt(by === Infinity || (by < 0 && by > -Infinity) ? this.length - 1 : 0);
    return this.eventAt(clamp(row + (isThere || by < 0 ? by : by - 1), 0, this.length - 1));
  }

  /** Marks an event, and brings it into sight. */
  select(event: number): void {
    this.#selected = event;
    if (event >= 0) this.reveal(event);
    this.redraw();
  }

  /** Brings an event into sight. */
  reveal(event: number): void {
    const row = this.rowOf(event);
    const { clientHeight } = this.#box;
    const first = this.#firstRow();
    const rows = Math.floor(clientHeight / ROW);
    if (row >= first + 1 && row < first + rows - 1) return;
    // The box scrolls as far as its content reaches.
    this.#spacer.style.height = `${this.#height}px`;
    this.#box.scrollTop = this.#scrollOf(clamp(row - Math.floor(rows / 2), 0, Math.max(0, this.length - rows)));
  }

  /** Whether the newest events are in sight. */
  get atEnd(): boolean {
    return this.#box.scrollTop + this.#box.clientHeight >= this.#height - ROW * 2;
  }

  scrollToEnd(): void {
    this.#spacer.style.height = `${this.#height}px`;
    this.#box.scrollTop = this.#height;
  }

  redraw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  get #height(): number {
    return Math.min(this.length * ROW, TALLEST);
  }

  #scrollOf(row: number): number {
    const { clientHeight } = this.#box;
    if (this.length * ROW <= TALLEST) return row * ROW;
    return (row / Math.max(1, this.length - clientHeight / ROW)) * (TALLEST - clientHeight);
  }

  #firstRow(): number {
    const { scrollTop, clientHeight } = this.#box;
    if (this.length * ROW <= TALLEST) return scrollTop / ROW;
    return (scrollTop / Math.max(1, TALLEST - clientHeight)) * (this.length - clientHeight / ROW);
  }

  #draw(): void {
    this.#spacer.style.height = `${this.#height}px`;
    const first = Math.max(0, Math.floor(this.#firstRow()));
    const rows = Math.ceil(this.#box.clientHeight / ROW) + 1;
    const elements: HTMLElement[] = [];
    for (let row = first; row < Math.min(first + rows, this.length); row++) elements.push(this.#row(row));
    const offset = this.length * ROW <= TALLEST ? first * ROW : this.#box.scrollTop;
    this.#rows.style.transform = `translateY(${offset}px)`;
    this.#rows.replaceChildren(...elements);
    if (this.length === 0) {
      this.#rows.append(h('p', { class: 'empty' }, this.#model.count === 0 ? 'No events yet.' : 'No event matches.'));
    }
    const active = this.#selected >= 0 ? `event-${this.#selected}` : '';
    if (active === '') this.#box.removeAttribute('aria-activedescendant');
    else this.#box.setAttribute('aria-activedescendant', active);
  }

  #row(row: number): HTMLElement {
    const model = this.#model;
    const event = this.eventAt(row);
    const type = model.typeOf(event);
    const lane = model.laneOf(event)?.info;
    const [name, text] = [model.string(model.name.at(event)), model.string(model.text.at(event))];
    const isSelected = event === this.#selected;
    const classes = ['row', `t-${type.split('-')[0] ?? ''}`];
    if (isSelected) classes.push('selected');
    if (model.status.at(event) > 0 || type === 'frame-dropped' || type === 'dtls-failed') classes.push('bad');
    const what = h('span', { class: 'what' });
    const isFrame = type.startsWith('frame-');
    if (name !== '' && !isFrame) what.append(h('b', {}, name));
    what.append(isFrame || name === '' ? text : ` ${text}`);
    return h(
      'div',
      {
        class: classes.join(' '),
        role: 'option',
        id: `event-${event}`,
        'data-event': event,
        'aria-selected': isSelected ? 'true' : 'false',
        'aria-setsize': this.length,
        'aria-posinset': row + 1,
      },
      h('span', { class: 'time' }, formatExact(model.time(event))),
      h('span', {}, lane?.owner ?? ''),
      h('span', {}, lane?.name ?? ''),
      h('span', { class: 'type' }, type),
      what,
    );
  }
}
