import type { ReportChunk, ReportHead, ReportProblem, ReportSummary } from '../data.ts';
import type { ReportSink, ReportSource } from '../source.ts';
import { formatExact } from './axis.ts';
import { Detail } from './detail.ts';
import { h } from './dom.ts';
import { PageFilter } from './filter.ts';
import { helpDialog } from './help.ts';
import { listenToPointer } from './input.ts';
import { listenToKeys } from './keys.ts';
import { legend } from './legend.ts';
import { EventList } from './list.ts';
import { Model } from './model.ts';
import { fromHash, toHash, type Place } from './permalink.ts';
import { Problems } from './problems.ts';
import { Splitter } from './splitter.ts';
import { networksTable, sessionsTable, threadsTable } from './tables.ts';
import { Tabs } from './tabs.ts';
import { Theme } from './theme.ts';
import { Timeline, type Pointed } from './timeline.ts';
import { Toolbar } from './toolbar.ts';

/** Devices beyond this number are folded at first. */
const UNFOLDED = 6;
const HASH_DELAY = 250;

/**
 * The page of a report: takes data from a source and shows it. Made with {@link mountReport}; a live page puts its controls
 * into {@link slot}.
 */
export class ReportPage implements ReportSink {
  readonly mode: ReportSource['mode'];
  readonly model = new Model();
  readonly timeline: Timeline;
  readonly list: EventList;
  readonly #detail: Detail;
  readonly #problems: Problems;
  readonly #toolbar: Toolbar;
  readonly #tabs = new Tabs();
  readonly #theme: Theme;
  readonly #help = helpDialog();
  readonly #tip = h('div', { class: 'tip', role: 'tooltip', hidden: true });
  readonly #says = h('p', { class: 'says', 'aria-live': 'off' });
  readonly #root: HTMLElement;
  readonly #filter = new PageFilter(this.model);
  #selected = -1;
  readonly #wanted: Place;
  #hashTimer = 0;
  #isFitted = false;

  constructor(root: HTMLElement, mode: ReportSource['mode']) {
    this.#root = root;
    this.mode = mode;
    this.#theme = new Theme(() => this.#repaint());
    this.#wanted = fromHash(location.hash);
    const select = (event: number): void => this.select(event);
    this.timeline = new Timeline(this.model, () => this.#theme.palette);
    this.timeline.view.mode = this.#wanted.mode;
    this.list = new EventList(this.model, select);
    this.#detail = new Detail(this.model, select);
    this.#problems = new Problems((problem) => this.#goToProblem(problem));
    this.#toolbar = new Toolbar({
      filter: (text) => this.filter(text),
      zoom: (factor) => this.#move(() => this.timeline.view.zoom(factor)),
      fit: () => this.#move(() => this.timeline.view.fit()),
      axis: () => this.toggleAxis(),
      theme: () => this.#theme.toggle(),
      help: () => this.#help.showModal(),
    });
    this.#build();
    listenToPointer(this.timeline, this.model, {
      select,
      fold: (owner) => this.fold(owner),
      point: (pointed, x, y) => this.#point(pointed, x, y),
      moved: () => this.#remember(),
    });
    listenToKeys(this, {
      step: (by) => this.select(this.list.step(by)),
      problem: (by) => this.#problems.step(by),
      pan: (part) => this.#move(() => this.timeline.view.pan(part)),
      zoom: (factor) => this.#move(() => this.timeline.view.zoom(factor)),
      fit: () => this.#move(() => this.timeline.view.fit()),
      zoomToSelected: () => this.#zoomToSelected(),
      axis: () => this.toggleAxis(),
      foldAll: () => this.#foldAll(),
      scroll: (pages) => this.timeline.scrollBy(pages * this.timeline.lanesHeight * 0.8),
      filter: () => this.#toolbar.focusFilter(),
      theme: () => this.#theme.toggle(),
      help: () => this.#help.showModal(),
      escape: () => this.select(-1),
    });
    window.addEventListener('hashchange', () => this.#goTo(fromHash(location.hash)));
  }

  /** Where the controls of a live page go. */
  get slot(): HTMLElement {
    return this.#toolbar.slot;
  }

  /** The selected event, by index into the model; -1 for none. */
  get selected(): number {
    return this.#selected;
  }

  head(head: ReportHead): void {
    this.model.head = head;
    document.title = `${head.title} · txsim`;
    this.#toolbar.head(head);
  }

  append(chunk: ReportChunk): void {
    const { count } = this.model;
    const isLive = this.mode === 'live';
    const { view } = this.timeline;
    const [listFollows, follow] = [isLive && this.list.atEnd, isLive ? view.follower() : (): void => view.fit()];
    this.model.append(chunk);
    if (count === 0 && this.model.owners.size > UNFOLDED) this.#foldAll();
    this.#showMask();
    follow();
    this.timeline.redraw();
    if (listFollows && this.#selected < 0) this.list.scrollToEnd();
  }

  summary(summary: ReportSummary): void {
    this.model.summary = summary;
    this.#toolbar.summary(summary);
    this.#problems.show(summary);
    const actions = {
      goTo: (time: number, device: string): void => this.#goToTime(time, device, ''),
      filter: (text: string): void => {
        this.filter(text);
        this.#tabs.open('events');
      },
    };
    this.#tabs.fill('threads', threadsTable(summary, actions));
    this.#tabs.fill('sessions', sessionsTable(summary, actions));
    this.#tabs.fill('networks', networksTable(summary));
    if (!this.#isFitted) {
      this.#isFitted = true;
      if (this.mode === 'file') this.timeline.view.fit();
      if (location.hash.length > 1) this.#goTo(this.#wanted);
    }
    this.#root.dataset['ready'] = 'true';
    this.timeline.redraw();
  }

  failed(reason: string): void {
    this.#root.prepend(h('p', { class: 'failed', role: 'alert' }, reason));
  }

  /** Selects an event everywhere; -1 for none. */
  select(event: number): void {
    this.#selected = event;
    this.timeline.selected = event;
    this.list.select(event);
    this.#detail.show(event);
    if (event >= 0) {
      this.timeline.view.reveal(this.model.time(event));
      this.timeline.revealLane(this.model.laneOf(event));
    }
    this.timeline.redraw();
    this.#remember();
  }

  /** Shows only what a filter lets through: the list has nothing else, the time line dims the rest. */
  filter(text: string): void {
    this.#toolbar.setFilter(text);
    this.#filter.set(text);
    this.#showMask();
    this.timeline.redraw();
    if (this.#selected >= 0) this.list.reveal(this.#selected);
    this.#remember();
  }

  /** Folds or unfolds the lanes of a device. */
  fold(owner: string): void {
    const { collapsed } = this.timeline;
    if (!collapsed.delete(owner)) collapsed.add(owner);
    this.timeline.relayout();
  }

  /** Lays time out in the other way. */
  toggleAxis(): void {
    const { view } = this.timeline;
    this.#move(() => view.setMode(view.mode === 'true' ? 'squeezed' : 'true'));
    this.#toolbar.axis(view.mode);
  }

  #build(): void {
    const main = h(
      'main',
      {},
      h('section', { class: 'upper', 'aria-label': 'Time line' }, this.timeline.element),
      h('div', { class: 'legend-bar' }, legend(), this.#says),
      h('section', { class: 'lower' }, h('div', { class: 'left' }, this.#tabs.element), this.#detail.element),
    );
    this.#tabs.add('events', 'Events', this.list.element);
    this.#tabs.add('threads', 'Threads', h('div'));
    this.#tabs.add('sessions', 'DTLS sessions', h('div'));
    this.#tabs.add('networks', 'Networks', h('div'));
    const splitter = new Splitter(main, '--upper', () => this.timeline.redraw());
    main.insertBefore(splitter.element, main.children[2] ?? null);
    this.#root.append(this.#toolbar.element, this.#problems.element, main, this.#tip, this.#help);
    this.#toolbar.axis(this.timeline.view.mode);
  }

  #showMask(): void {
    const mask = this.#filter.mask();
    this.timeline.mask = mask;
    this.list.show(mask);
    this.#toolbar.count(this.list.length, this.model.count, this.#filter.complaint);
  }

  #move(change: () => void): void {
    change();
    this.timeline.redraw();
    this.#remember();
  }

  #repaint(): void {
    // The theme is made before the time line.
    if ('timeline' in this && this.timeline instanceof Timeline) this.timeline.redraw();
  }

  #zoomToSelected(): void {
    if (this.#selected < 0) return;
    const [from, to] = this.model.extent(this.#selected);
    const { view } = this.timeline;
    const { axis } = this.model;
    const [first, last] = [axis.place(from, view.mode), axis.place(to, view.mode)];
    const around = Math.max((last - first) * 0.35, 5000);
    this.#move(() => view.show(first - around, last + around));
  }

  #foldAll(): void {
    const { collapsed } = this.timeline;
    const owners = [...this.model.owners.keys()].filter((owner) => owner !== '');
    const all = collapsed.size < owners.length;
    collapsed.clear();
    if (all) for (const owner of owners) collapsed.add(owner);
    this.timeline.relayout();
  }

  #goToProblem({ time, device, thread }: ReportProblem): void {
    if (time >= 0) this.#goToTime(time, device, thread);
  }

  /** Selects what happened at a time on a device, or next to it. */
  #goToTime(time: number, device: string, thread: string): void {
    const event = this.model.nearest(time, device, thread);
    if (event < 0) return;
    this.timeline.collapsed.delete(device);
    this.timeline.relayout();
    const { view } = this.timeline;
    const { axis } = this.model;
    const half = Math.min(view.to - view.from, axis.place(this.model.lastTime, view.mode) / 8 + 1000) / 2;
    const middle = axis.place(time, view.mode);
    view.show(middle - half, middle + half);
    this.select(event);
  }

  #goTo({ event, window: times, filter, mode }: Place): void {
    const { view } = this.timeline;
    if (mode !== view.mode) this.toggleAxis();
    if (times !== null) view.showTimes(...times);
    if (filter !== this.#toolbar.filterText) this.filter(filter);
    const index = this.model.indexOf(event);
    if (index >= 0 && index !== this.#selected) this.select(index);
    this.timeline.redraw();
  }

  /** Writes into the page's address what is selected and in sight, once nothing moves any more. */
  #remember(): void {
    if (this.#root.dataset['ready'] !== 'true') return;
    clearTimeout(this.#hashTimer);
    this.#hashTimer = window.setTimeout(() => {
      const { view } = this.timeline;
      const { axis } = this.model;
      const place: Place = {
        event: this.#selected < 0 ? -1 : this.model.first + this.#selected,
        window: [axis.time(view.from, view.mode), axis.time(view.to, view.mode)],
        filter: this.#toolbar.filterText,
        mode: view.mode,
      };
      history.replaceState(null, '', `#${toHash(place)}`);
    }, HASH_DELAY);
  }

  #point(pointed: Pointed | null, x: number, y: number): void {
    this.#says.textContent = pointed?.explanation ?? '';
    this.#says.title = this.#says.textContent;
    const tip = pointed?.tip ?? '';
    this.#tip.hidden = tip === '';
    if (tip === '' || pointed === null) return;
    this.#tip.textContent = tip;
    if (pointed.event >= 0) this.#tip.append(h('small', {}, `${formatExact(this.model.time(pointed.event))} s`));
    const { width, height } = this.#tip.getBoundingClientRect();
    this.#tip.style.left = `${Math.min(x + 14, innerWidth - width - 8)}px`;
    this.#tip.style.top = `${y + 18 + height > innerHeight ? y - height - 10 : y + 18}px`;
  }
}

/**
 * Puts a report's page into an element and fills it from a source.
 *
 * @returns the page, into whose `slot` a live page puts its controls
 */
export function mountReport(root: HTMLElement, source: ReportSource): ReportPage {
  const page = new ReportPage(root, source.mode);
  void source.open(page);
  return page;
}
