import { h } from './dom.ts';

interface Tab {
  readonly id: string;
  readonly button: HTMLButtonElement;
  readonly panel: HTMLElement;
}

/** Several panels of which one is in sight. */
export class Tabs {
  readonly element: HTMLElement;
  readonly #bar = h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Events and tables' });
  readonly #tabs: Tab[] = [];

  constructor() {
    this.element = h('div', { class: 'tabbed' }, this.#bar);
    this.#bar.addEventListener('keydown', (event) => {
      const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      if (by === 0) return;
      event.preventDefault();
      const at = this.#tabs.findIndex(({ button }) => button === document.activeElement);
      const next = this.#tabs[(at + by + this.#tabs.length) % this.#tabs.length];
      if (next === undefined) return;
      this.open(next.id);
      next.button.focus();
    });
  }

  add(id: string, title: string, content: HTMLElement): void {
    const isFirst = this.#tabs.length === 0;
    const button = h('button', { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}` }, title);
    const panel = h(
      'div',
      { class: 'panel', role: 'tabpanel', id: `panel-${id}`, 'aria-labelledby': `tab-${id}` },
      content,
    );
    button.addEventListener('click', () => this.open(id));
    this.#tabs.push({ id, button, panel });
    this.#bar.append(button);
    this.element.append(panel);
    if (isFirst) this.open(id);
    else this.#show(this.#tabs.length - 1, false);
  }

  /** Puts another content into a panel. */
  fill(id: string, content: HTMLElement): void {
    this.#tabs.find((tab) => tab.id === id)?.panel.replaceChildren(content);
  }

  open(id: string): void {
    for (const [nth, tab] of this.#tabs.entries()) this.#show(nth, tab.id === id);
  }

  #show(nth: number, isOpen: boolean): void {
    const tab = this.#tabs[nth];
    if (tab === undefined) return;
    tab.button.setAttribute('aria-selected', String(isOpen));
    tab.button.tabIndex = isOpen ? 0 : -1;
    tab.panel.hidden = !isOpen;
  }
}
