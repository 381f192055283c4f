import { h } from './dom.ts';
import { clamp } from './numbers.ts';

const STEP = 4;

/** The bar between the time line and what is below: drag it, or move it with the arrow keys. */
export class Splitter {
  readonly element = h('div', {
    class: 'splitter',
    role: 'separator',
    'aria-orientation': 'horizontal',
    'aria-label': 'Height of the time line',
    'aria-valuemin': 15,
    'aria-valuemax': 85,
    tabindex: 0,
  });
  readonly #box: HTMLElement;
  readonly #property: string;
  readonly #moved: () => void;
  #percent = 56;

  /** @param property - the custom property of the box that takes the height */
  constructor(box: HTMLElement, property: string, moved: () => void) {
    this.#box = box;
    this.#property = property;
    this.#moved = moved;
    this.#set(this.#percent);
    this.element.addEventListener('pointerdown', (event) => this.element.setPointerCapture(event.pointerId));
    this.element.addEventListener('pointermove', (event) => {
      if (!this.element.hasPointerCapture(event.pointerId)) return;
      const { top, height } = this.#box.getBoundingClientRect();
      this.#set(((event.clientY - top) / height) * 100);
    });
    this.element.addEventListener('keydown', (event) => {
      const by = event.key === 'ArrowDown' ? STEP : event.key === 'ArrowUp' ? -STEP : 0;
      if (by === 0) return;
      event.preventDefault();
      event.stopPropagation();
      this.#set(this.#percent + by);
    });
  }

  #set(percent: number): void {
    this.#percent = clamp(percent, 15, 85);
    this.#box.style.setProperty(this.#property, `${this.#percent}%`);
    this.element.setAttribute('aria-valuenow', String(Math.round(this.#percent)));
    this.#moved();
  }
}
