import type { ReportHead, ReportSummary } from '../data.ts';
import { formatDuration, type AxisMode } from './axis.ts';
import { button, h } from './dom.ts';

/** What the buttons do. */
export interface ToolbarActions {
  readonly filter: (text: string) => void;
  readonly zoom: (factor: number) => void;
  readonly fit: () => void;
  readonly axis: () => void;
  readonly theme: () => void;
  readonly help: () => void;
}

const TYPING = 120;

/** The top of the page: what ran, and what can be done with it. */
export class Toolbar {
  readonly element: HTMLElement;
  /** Where the controls of a live page go; empty in a file. */
  readonly slot = h('div', { class: 'slot', role: 'group', 'aria-label': 'Live' });
  readonly #title = h('h1', {}, 'txsim');
  readonly #facts = h('ul', { class: 'facts' });
  readonly #input = h('input', {
    type: 'search',
    placeholder: 'filter, as status:!=0',
    'aria-label': 'Filter events',
    'aria-describedby': 'filter-says',
    spellcheck: 'false',
    autocomplete: 'off',
  });
  readonly #says = h('output', { id: 'filter-says', class: 'filter-says', for: 'events' });
  readonly #axis: HTMLButtonElement;
  #head: ReportHead | null = null;
  #timer = 0;

  constructor(actions: ToolbarActions) {
    this.#axis = button('Squeeze idle time', 'Squeeze the time in which nothing happens (t)', actions.axis);
    this.#input.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => actions.filter(this.#input.value), TYPING);
    });
    this.#input.addEventListener('keydown', ({ key }) => {
      if (key === 'Enter' || key === 'Escape') this.#input.blur();
    });
    const group = (label: string, ...content: readonly HTMLElement[]): HTMLElement =>
      h('div', { class: 'group', role: 'group', 'aria-label': label }, ...content);
    this.element = h(
      'header',
      { class: 'toolbar' },
      h('div', { class: 'what' }, this.#title, this.#facts),
      this.slot,
      h('div', { class: 'search' }, this.#input, this.#says),
      group(
        'Time line',
        button('−', 'Zoom out (-)', () => actions.zoom(1.6)),
        button('+', 'Zoom in (+)', () => actions.zoom(1 / 1.6)),
        button('Fit', 'Show the whole run (f)', actions.fit),
        this.#axis,
      ),
      group(
        'Page',
        button('◐', 'Dark or light (d)', actions.theme),
        button('?', 'Keys, mouse and filter (?)', actions.help),
      ),
    );
  }

  get filterText(): string {
    return this.#input.value;
  }

  setFilter(text: string): void {
    if (this.#input.value !== text) this.#input.value = text;
  }

  focusFilter(): void {
    this.#input.focus();
    this.#input.select();
  }

  head(head: ReportHead): void {
    this.#head = head;
    this.#title.textContent = head.title;
    this.#title.title = head.description;
    this.#show([]);
  }

  summary({ ending, time, events }: ReportSummary): void {
    this.#show([
      ...(ending === '' ? [] : [ending]),
      `${formatDuration(time)} of virtual time`,
      `${events.toLocaleString('en')} events`,
    ]);
  }

  axis(mode: AxisMode): void {
    this.#axis.setAttribute('aria-pressed', String(mode === 'squeezed'));
  }

  /** Says how much the filter lets through, or why it cannot be read. */
  count(shown: number, all: number, complaint: string): void {
    const counts = `${shown.toLocaleString('en')} of ${all.toLocaleString('en')}`;
    const isFiltered = this.#input.value.trim() !== '';
    this.#says.classList.toggle('complaint', complaint !== '');
    this.#says.textContent = complaint !== '' ? complaint : isFiltered ? counts : '';
    this.#says.title = complaint;
  }

  #show(facts: readonly string[]): void {
    const head = this.#head;
    const all = [
      ...(head === null ? [] : [head.description, head.seed === '' ? '' : `seed ${head.seed}`]),
      ...facts,
    ].filter(Boolean);
    this.#facts.replaceChildren(...all.map((fact) => h('li', {}, fact)));
    if (head !== null && head.command !== '') this.#facts.title = `made by: ${head.command} (txsim ${head.version})`;
  }
}
