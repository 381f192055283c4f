import { button, h } from '../../report-page/page/dom.ts';
import type { LiveCommand, LiveState } from '../messages.ts';
import { VerbControls } from './verb-controls.ts';

/** A command as it is sent: a time may be a text with its unit. */
type Sent = LiveCommand | Readonly<Record<string, unknown>>;

const SPEEDS: readonly (readonly [value: string, text: string])[] = [
  ['0.001', '1/1000 of real time'],
  ['0.01', '1/100 of real time'],
  ['0.1', '1/10 of real time'],
  ['1', 'real time'],
  ['10', '10 × real time'],
  ['100', '100 × real time'],
  ['1000', '1000 × real time'],
  ['max', 'as fast as it goes'],
];

/** The time as the list of events has it. */
const seconds = (nanoseconds: number): string => `${(nanoseconds / 1e9).toFixed(9)} s`;

/** Buttons and fields with which a run is paused, stepped through and disturbed. */
export class LiveControls {
  readonly elements: readonly HTMLElement[];
  readonly #play = button('Play', 'Play or pause (space)', () => this.#toggle(), 'primary');
  readonly #speed = h('select', { 'aria-label': 'Speed' });
  readonly #goal = h('input', {
    class: 'goal',
    type: 'text',
    placeholder: 'run to 2s, or type:dtls-*',
    'aria-label': 'Run to a time, or to the next event that a filter lets through',
    spellcheck: 'false',
  });
  readonly #victim = h('select', { 'aria-label': 'Whose next frame' });
  readonly #delay = h('input', { class: 'short', type: 'text', value: '100ms', 'aria-label': 'Delay' });
  readonly #clock = h('output', { class: 'clock', 'aria-label': 'Virtual time' }, '');
  readonly #says = h('output', { class: 'live-says', 'aria-live': 'polite' }, 'connecting…');
  readonly #restart: HTMLButtonElement;
  readonly #needRun: readonly HTMLButtonElement[];
  readonly #verbs = new VerbControls((command) => this.#send(command));
  #state: LiveState | null = null;
  #choices = '';
  #complaint = '';

  constructor() {
    this.#speed.append(...SPEEDS.map(([value, text]) => h('option', { value }, text)));
    this.#speed.addEventListener('change', () => {
      const { value } = this.#speed;
      this.#send({ do: 'speed', speed: value === 'max' ? value : Number(value) });
    });
    this.#goal.addEventListener('keydown', ({ key }) => {
      if (key === 'Enter') this.#runTo();
    });
    const steps = [
      button('Event', 'On to the next event of the world (e)', () => this.#step('event')),
      button('Thread', 'On until a thread gets the processor (r)', () => this.#step('thread')),
      button('Packet', 'On until a frame is sent or arrives (w)', () => this.#step('frame')),
    ];
    const faults = [
      button('Drop', 'Lose the next frame (x)', () => this.#fault({ do: 'drop' })),
      button('Delay by', 'Have the next frame come later (y)', () =>
        this.#fault({ do: 'delay', by: this.#delay.value }),
      ),
    ];
    const go = button('Run to', 'Run as fast as it goes to a time or an event', () => this.#runTo());
    this.#restart = button('Restart', 'From the beginning, with the same seed', () => this.#send({ do: 'restart' }));
    this.#needRun = [this.#play, ...steps, ...faults, go, this.#verbs.go];
    const group = (label: string, ...content: readonly HTMLElement[]): HTMLElement =>
      h('div', { class: 'group', role: 'group', 'aria-label': label }, ...content);
    this.elements = [
      group('Play', this.#play, this.#speed, this.#restart),
      this.#clock,
      group('Step', h('span', { class: 'label' }, 'Step'), ...steps),
      group('Go on', this.#goal, go),
      group('Next frame', this.#victim, ...faults, this.#delay),
      group('By hand', ...this.#verbs.elements),
      this.#says,
    ];
    this.#keys();
  }

  /** Shows how the run stands. */
  show(state: LiveState): void {
    this.#state = state;
    this.#complaint = '';
    const isPlaying = state.mode === 'playing';
    this.#play.textContent = isPlaying ? 'Pause' : 'Play';
    this.#play.setAttribute('aria-pressed', String(isPlaying));
    this.#clock.textContent = seconds(state.now);
    if (document.activeElement !== this.#speed) this.#speed.value = String(state.speed);
    for (const one of this.#needRun) one.disabled = state.mode === 'ended';
    this.#choose(state);
    this.#verbs.show(state);
    this.#tell();
    document.body.dataset['live'] = state.mode;
  }

  /** The simulator is gone. */
  lost(): void {
    document.body.dataset['live'] = 'lost';
    for (const one of [...this.#needRun, this.#restart]) one.disabled = true;
    this.#complaint = 'The simulator has ended. What is here stays until you close the page.';
    this.#tell();
  }

  /** Whose frames there are to choose from. */
  #choose({ networks }: LiveState): void {
    const ports = [...new Set(networks.flatMap((network) => network.ports))];
    const choices = JSON.stringify(networks);
    if (choices === this.#choices) return;
    this.#choices = choices;
    const option = (value: object, text: string): HTMLElement => h('option', { value: JSON.stringify(value) }, text);
    this.#victim.replaceChildren(
      option({}, 'next frame of any'),
      ...ports.map((from) => option({ from }, `next frame of ${from}`)),
      ...(networks.length > 1 ? networks.map(({ name }) => option({ network: name }, `next frame on ${name}`)) : []),
    );
  }

  #tell(): void {
    const state = this.#state;
    this.#says.classList.toggle('wrong', this.#complaint !== '');
    if (this.#complaint !== '' || state === null) {
      this.#says.textContent = this.#complaint;
      return;
    }
    const { mode, goal, waiting, next, done } = state;
    this.#says.textContent = [
      mode === 'ended'
        ? 'The run has ended.'
        : mode === 'paused'
          ? 'Paused.'
          : `Playing${goal === '' ? '' : ` ${goal}`}.`,
      ...waiting.map((fault) => `Waiting to ${fault}.`),
      ...next.map((what) => `Next: ${what}.`),
      ...(done.length === 0 ? [] : [`${done.length} ${done.length === 1 ? 'thing' : 'things'} done by hand so far.`]),
    ].join(' ');
  }

  #toggle(): void {
    this.#send({ do: this.#state?.mode === 'playing' ? 'pause' : 'play' });
  }

  #step(kind: 'event' | 'thread' | 'frame'): void {
    this.#send({ do: 'step', kind });
  }

  #fault(fault: Readonly<Record<string, unknown>>): void {
    const choice = JSON.parse(this.#victim.value) as Readonly<Record<string, string>>;
    this.#send({ ...fault, ...choice });
  }

  #runTo(): void {
    const text = this.#goal.value.trim();
    if (text === '') this.#goal.focus();
    else if (/^\d+(\.\d+)?\s*(ns|us|µs|ms|s|m|h|d)$/.test(text)) this.#send({ do: 'until', time: text });
    else this.#send({ do: 'match', filter: text });
  }

  #send(command: Sent): void {
    const options = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(command) };
    fetch('command', options).then(
      async (response) => {
        this.#complaint = response.ok ? '' : (await response.text()).trim();
        this.#tell();
      },
      () => this.lost(),
    );
  }

  /** Keys that the report has no use for. */
  #keys(): void {
    const keys: Readonly<Record<string, () => void>> = {
      ' ': () => this.#toggle(),
      e: () => this.#step('event'),
      r: () => this.#step('thread'),
      w: () => this.#step('frame'),
      x: () => this.#fault({ do: 'drop' }),
      y: () => this.#fault({ do: 'delay', by: this.#delay.value }),
    };
    document.addEventListener('keydown', (event) => {
      const { target, key } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (document.querySelector('dialog[open]') !== null) return;
      if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return;
      // A button is pressed by the space bar.
      if (target instanceof HTMLButtonElement && key === ' ') return;
      const action = keys[key];
      if (action === undefined || this.#state?.mode === 'ended') return;
      event.preventDefault();
      action();
    });
  }
}
