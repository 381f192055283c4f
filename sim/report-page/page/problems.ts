import type { ReportProblem, ReportSummary } from '../data.ts';
import { formatExact } from './axis.ts';
import { button, h } from './dom.ts';

const SIGN = { error: '✖', warning: '▲', note: '●' } as const;

/** The list of what went wrong, at the top of the page. */
export class Problems {
  readonly element = h('section', { class: 'problems', 'aria-label': 'Problems', hidden: true });
  readonly #go: (problem: ReportProblem) => void;
  #list: readonly ReportProblem[] = [];
  #at = -1;

  /** @param go - a problem was chosen */
  constructor(go: (problem: ReportProblem) => void) {
    this.#go = go;
  }

  show({ problems, cut, remarks }: ReportSummary): void {
    this.#list = problems;
    this.element.hidden = problems.length + remarks.length === 0 && cut === 0;
    const notes = [
      ...(cut === 0
        ? []
        : [`The first ${cut} events are not in this page, for the sake of its size: --report-limit keeps more.`]),
      ...remarks,
    ].map((text) => h('p', { class: 'remark' }, text));
    const items = problems.map((problem, nth) => this.#item(problem, nth));
    const head = h(
      'summary',
      {},
      problems.length === 0 ? 'Remarks' : `${problems.length} ${problems.length === 1 ? 'thing' : 'things'} to look at`,
      h('small', {}, problems.length > 1 ? ' (n and p go through them)' : ''),
    );
    this.element.replaceChildren(h('details', { open: true }, head, ...notes, h('ol', {}, ...items)));
  }

  /** Goes to the next problem, or the one before. */
  step(by: number): void {
    const { length } = this.#list;
    if (length === 0) return;
    this.#at = this.#at < 0 && by < 0 ? length - 1 : (this.#at + by + length) % length;
    this.#choose(this.#at);
  }

  #choose(nth: number): void {
    this.#at = nth;
    const problem = this.#list[nth];
    if (problem === undefined) return;
    for (const [index, item] of [...this.element.querySelectorAll('li')].entries()) {
      item.classList.toggle('selected', index === nth);
      if (index === nth) item.scrollIntoView({ block: 'nearest' });
    }
    this.#go(problem);
  }

  #item({ severity, kind, text, time }: ReportProblem, nth: number): HTMLElement {
    const [first = '', ...rest] = text.split('\n');
    const where = time < 0 ? '' : ` · ${formatExact(time)} s`;
    const label = h(
      'span',
      { class: 'label' },
      h('span', { class: 'sign', 'aria-hidden': 'true' }, SIGN[severity]),
      h('b', {}, kind),
      h('small', {}, where),
    );
    const choose = button('', 'Show it on the time line', () => this.#choose(nth), 'problem');
    choose.removeAttribute('aria-label');
    choose.append(label, h('span', { class: 'text' }, first));
    const item = h('li', { class: severity }, choose);
    const { shown, folded } = splitEvidence(rest);
    if (shown.length > 0) item.append(h('pre', {}, shown.join('\n')));
    if (folded.length > 0) {
      item.append(h('details', { class: 'evidence' }, h('summary', {}, 'evidence'), h('pre', {}, folded.join('\n'))));
    }
    return item;
  }
}

/** Lines of a problem that are in sight at once. */
const SHOWN = 3;

/**
 * What of a problem's further lines is in sight, and what is folded: the last events of one problem would hide all others.
 */
function splitEvidence(lines: readonly string[]): {
  readonly shown: readonly string[];
  readonly folded: readonly string[];
} {
  const events = lines.findIndex((line) => /^ *(the )?last events/.test(line));
  const head = events < 0 ? lines : lines.slice(0, events);
  return head.length > SHOWN ? { shown: [], folded: lines } : { shown: head, folded: lines.slice(head.length) };
}
