import { formatDuration, formatExact } from './axis.ts';
import { decodeFrame } from './decode.ts';
import { button, h } from './dom.ts';
import { hexDump } from './hexdump.ts';
import type { Layer } from './layer.ts';
import type { Model } from './model.ts';

type Fact = readonly [name: string, value: Node | string];

/** What is known of one event. */
export class Detail {
  readonly element = h('section', {
    class: 'detail',
    'aria-label': 'Detail of the selected event',
    'aria-live': 'polite',
  });
  readonly #model: Model;
  readonly #select: (event: number) => void;

  /** @param select - a related event was chosen */
  constructor(model: Model, select: (event: number) => void) {
    this.#model = model;
    this.#select = select;
    this.show(-1);
  }

  show(event: number): void {
    if (event < 0) {
      this.element.replaceChildren(
        h('p', { class: 'empty' }, 'Select an event: click it in the time line or in the list, or press j.'),
      );
      return;
    }
    const model = this.#model;
    const type = model.typeOf(event);
    const [name, text] = [model.string(model.name.at(event)), model.string(model.text.at(event))];
    const isFrame = type.startsWith('frame-');
    const [what = '', ends = ''] = isFrame ? splitEnds(text) : [name === '' ? text : name];
    this.element.replaceChildren(
      h('p', { class: 'kind' }, `${type} · event ${model.first + event}`),
      h('h2', {}, what || type),
      facts([...this.#facts(event, type, name, text, isFrame), ...(ends === '' ? [] : [['addresses', ends] as const])]),
      ...this.#callback(event, type),
      ...this.#status(event, name),
      ...this.#related(event, type),
      ...this.#bytes(event),
    );
    this.element.scrollTop = 0;
  }

  #facts(event: number, type: string, name: string, text: string, isFrame: boolean): readonly Fact[] {
    const model = this.#model;
    const lane = model.laneOf(event)?.info;
    const duration = model.duration.at(event);
    const time = model.time(event);
    const list: Fact[] = [['time', `${formatExact(time)} s`]];
    if (duration > 0) {
      list.push(['took', formatDuration(duration)], ['began', `${formatExact(time - duration)} s`]);
    }
    if (lane !== undefined && lane.owner !== '') list.push(['device', lane.owner]);
    if (lane !== undefined && lane.kind !== 'wire' && lane.kind !== 'world') list.push(['thread', lane.name || 'none']);
    if (isFrame) list.push(['network', name]);
    else if (name !== '' && text !== '' && model.status.at(event) < 0)
      list.push([type === 'service' ? 'gave' : 'what', text]);
    const site = model.string(model.site.at(event));
    if (site !== '') list.push(['called at', h('code', {}, site)]);
    for (const [key, value] of Object.entries(parseFields(model.string(model.fields.at(event))))) {
      if (key === 'network' || value === null || (Array.isArray(value) && value.length === 0)) continue;
      list.push([key, plain(value)]);
    }
    return list;
  }

  /** In which thread a callback runs, and what follows from that. */
  #callback(event: number, type: string): readonly Node[] {
    const lane = this.#model.laneOf(event)?.info;
    if (!type.startsWith('callback-') || lane === undefined) return [];
    const where: Readonly<Record<string, string>> = {
      ip: 'It runs in the IP thread: while it waits, no packet of this device moves. Take a note, wake a thread of your own, and return.',
      timer: 'It runs in the timer thread, which may not wait: every time-out of this device would be late.',
      isr: 'It runs in an interrupt: it may call only services that interrupts may call, and never waits.',
    };
    const text = where[lane.kind] ?? `It runs in thread '${lane.name}', which called the service that calls it back.`;
    return [h('p', { class: 'aside' }, text)];
  }

  #status(event: number, service: string): readonly Node[] {
    const status = this.#model.status.at(event);
    if (status < 0) return [];
    const known = this.#model.summary?.statuses[`${service}:${status}`];
    const name = known?.name ?? this.#model.string(this.#model.text.at(event));
    const box = h('div', { class: status === 0 ? 'status good' : 'status' }, h('strong', {}, name));
    if (known !== undefined && known.meaning !== '') box.append(h('p', {}, known.meaning));
    if (known !== undefined && known.when !== '') box.append(h('p', {}, `Here: ${known.when}.`));
    if (known !== undefined && known.causes.length > 0) {
      box.append(h('p', {}, 'Usual causes:'), h('ul', {}, ...known.causes.map((cause) => h('li', {}, cause))));
    }
    return [box];
  }

  /** Where a frame went, or came from. */
  #related(event: number, type: string): readonly Node[] {
    if (!type.startsWith('frame-')) return [];
    const model = this.#model;
    const sent = type === 'frame-sent' ? event : model.indexOf(model.other.at(event));
    if (sent < 0) return [];
    const links: Node[] = [];
    const link = (to: number): void => {
      if (to === event) return;
      const what = model.typeOf(to).replace('frame-', '');
      const where = model.laneOf(to)?.info.owner ?? '';
      const later = model.time(to) - model.time(event);
      const when = later === 0 ? 'at once' : `${formatDuration(Math.abs(later))} ${later > 0 ? 'later' : 'earlier'}`;
      links.push(
        h(
          'li',
          {},
          button(`${what}, ${where}, ${when}`, 'Go to this event', () => this.#select(to), 'link'),
        ),
      );
    };
    link(sent);
    const number = model.first + sent;
    // Faults are told right after the frame, arrivals up to the longest way later.
    const last = model.time(sent) + model.flows.longest;
    for (let next = sent + 1; next < model.count && model.time(next) <= last && links.length < 40; next++) {
      if (model.other.at(next) === number && model.typeOf(next).startsWith('frame-')) link(next);
    }
    return links.length === 0 ? [] : [h('h3', {}, 'The same frame'), h('ul', { class: 'links' }, ...links)];
  }

  #bytes(event: number): readonly Node[] {
    const type = this.#model.typeOf(event);
    if (!type.startsWith('frame-') && type !== 'router-dropped') return [];
    const bytes = this.#model.frame(event);
    if (bytes === null) return [h('p', { class: 'empty' }, 'Its bytes are not in this page.')];
    const layers = type === 'router-dropped' ? [] : decodeFrame(bytes);
    return [...layers.map(layerBox), h('h3', {}, `${bytes.length} bytes`), hexDump(bytes, layers)];
  }
}

function layerBox({ name, fields }: Layer): Node {
  return h('details', { open: true }, h('summary', {}, name), facts(fields));
}

function facts(list: readonly Fact[]): HTMLElement {
  return h('dl', {}, ...list.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}

function parseFields(text: string): object {
  if (text === '') return {};
  const fields: unknown = JSON.parse(text);
  return typeof fields === 'object' && fields !== null ? fields : {};
}

function plain(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(', ');
  return JSON.stringify(value);
}

/** A frame's description without its addresses, and these. */
function splitEnds(text: string): readonly [string, string] {
  const at = text.lastIndexOf(', ');
  return at >= 0 && text.includes(' to ', at) ? [text.slice(0, at), text.slice(at + 2)] : [text, ''];
}
