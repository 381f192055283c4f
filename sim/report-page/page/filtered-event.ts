import type { FilteredRecord, FilterWords } from '../../trace/filter.ts';
import type { Lane, Model } from './model.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The types of events that tell the end of what took some time. */
const LASTING: ReadonlySet<string> = new Set(['service', 'callback-end', 'callback-blocked']);

/** What the name of an event is called in the trace, by the event's type; also what a filter knows it by. */
function nameKey(type: string): string {
  if (type === 'service') return 'service';
  if (type === 'router-dropped') return 'reason';
  if (type === 'thread-switch') return 'to';
  if (type === 'queue-level') return 'queue';
  if (type.startsWith('frame-')) return 'network';
  if (type.startsWith('packet-')) return 'pool';
  return type.startsWith('callback-') ? 'callback' : 'name';
}

function fieldsOf(json: string): Fields {
  if (json === '') return {};
  const fields: unknown = JSON.parse(json);
  return typeof fields === 'object' && fields !== null ? { ...fields } : {};
}

/** An event of a page as a filter looks at it: with the fields that it has in the trace. */
export interface FilteredEvent extends FilteredRecord {
  /** Its index in the page. */
  readonly index: number;
}

/** Makes of the columns of a page what a filter looks at. What events have in common is made once. */
export class FilteredEvents {
  readonly #model: Model;
  /** By the number of the string that holds them. */
  readonly #fields = new Map<number, Fields>();
  readonly #nameKeys = new Map<number, string>();

  constructor(model: Model) {
    this.#model = model;
  }

  /** An event of the page. */
  at(index: number): FilteredEvent {
    const model = this.#model;
    const lane = model.laneOf(index);
    const type = model.type.at(index);
    const typeName = model.string(type);
    const status = model.status.at(index);
    const name = model.name.at(index);
    const event = {
      ...this.#fieldsOf(model.fields.at(index)),
      type: typeName,
      status: status < 0 ? undefined : status,
      duration: LASTING.has(typeName) ? model.duration.at(index) : undefined,
      text: typeName === 'print' ? model.string(model.text.at(index)) : undefined,
      router: typeName === 'router-dropped' ? lane?.info.owner : undefined,
    };
    if (name > 0) Reflect.set(event, this.#nameKeyOf(type), model.string(name));
    return { index, time: model.time(index), device: deviceOf(lane), thread: lane?.info.name ?? '', event };
  }

  /** What the page shows of events. */
  readonly words: FilterWords<FilteredEvent> = {
    text: ({ index }) => {
      const model = this.#model;
      const [name, text] = [model.string(model.name.at(index)), model.string(model.text.at(index))];
      return name === '' || text === '' ? name + text : `${name}: ${text}`;
    },
    status: (_, { index }) => this.#model.string(this.#model.text.at(index)),
  };

  #fieldsOf(string: number): Fields {
    let fields = this.#fields.get(string);
    if (fields === undefined) {
      fields = fieldsOf(this.#model.string(string));
      this.#fields.set(string, fields);
    }
    return fields;
  }

  #nameKeyOf(type: number): string {
    let key = this.#nameKeys.get(type);
    if (key === undefined) {
      key = nameKey(this.#model.string(type));
      this.#nameKeys.set(type, key);
    }
    return key;
  }
}

/** What happens between devices belongs to none of them: a filter goes by who sends and who gets. */
function deviceOf(lane: Lane | undefined): string | null {
  return lane === undefined || lane.info.kind === 'wire' || lane.info.kind === 'world' ? null : lane.info.owner;
}
