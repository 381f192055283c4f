import { button, h } from '../../report-page/page/dom.ts';
import type { LiveState } from '../messages.ts';

type Command = Readonly<Record<string, unknown>>;
type Choice = readonly [value: Command, text: string];

const VERBS = [
  ['reboot', 'Reboot'],
  ['linkDown', 'Unplug'],
  ['linkUp', 'Plug in'],
  ['partition', 'Cut off'],
  ['heal', 'Heal'],
] as const;

/** Chooses what is done to the world by hand, as a scenario's timeline does it: a device boots again, a network is cut. */
export class VerbControls {
  readonly elements: readonly HTMLElement[];
  readonly go: HTMLButtonElement;
  readonly #verb = h('select', { 'aria-label': 'What to do by hand' });
  readonly #subject = h('select', { 'aria-label': 'To whom' });
  readonly #other = h('select', { 'aria-label': 'From whom' });
  #state: Pick<LiveState, 'devices' | 'networks'> = { devices: [], networks: [] };
  #known = '';

  /** @param send - is given what somebody chose */
  constructor(send: (command: Command) => void) {
    this.#verb.append(...VERBS.map(([value, text]) => h('option', { value }, text)));
    this.#verb.addEventListener('change', () => this.#choose());
    this.#subject.addEventListener('change', () => this.#chooseOther());
    this.go = button('Do it', 'Happens as soon as the run goes on; noted as a step of a timeline', () => {
      if (this.#subject.value === '') return;
      const other = this.#verb.value === 'partition' ? chosen(this.#other) : {};
      send({ do: this.#verb.value, ...chosen(this.#subject), ...other });
    });
    this.elements = [this.#verb, this.#subject, this.#other, this.go];
    this.#choose();
  }

  /** Takes what there is in the world. */
  show({ devices, networks }: LiveState): void {
    const known = JSON.stringify([devices, networks]);
    if (known === this.#known) return;
    this.#known = known;
    this.#state = { devices, networks };
    this.#choose();
  }

  #choose(): void {
    fill(this.#subject, this.#subjects());
    this.#chooseOther();
  }

  #subjects(): readonly Choice[] {
    const { devices, networks } = this.#state;
    const isOne = networks.length === 1;
    switch (this.#verb.value) {
      case 'heal':
        return networks.map(({ name }) => [{ network: name }, name]);
      case 'partition':
        return networks.flatMap(({ name, ports }) =>
          ports.map((one): Choice => [{ network: name, one }, isOne ? one : `${one} on ${name}`]),
        );
      default:
        return devices.map((device) => [{ device }, device]);
    }
  }

  #chooseOther(): void {
    const isCut = this.#verb.value === 'partition';
    this.#other.hidden = !isCut;
    if (!isCut || this.#subject.value === '') return fill(this.#other, []);
    const { network, one } = chosen(this.#subject);
    const ports = this.#state.networks.find(({ name }) => name === network)?.ports ?? [];
    fill(
      this.#other,
      ports.filter((port) => port !== one).map((other) => [{ other }, `from ${other}`]),
    );
  }
}

const chosen = (select: HTMLSelectElement): Command =>
  select.value === '' ? {} : (JSON.parse(select.value) as Command);

/** Puts other choices into a list; keeps what was chosen where it is still there. */
function fill(select: HTMLSelectElement, choices: readonly Choice[]): void {
  const before = select.value;
  select.replaceChildren(...choices.map(([value, text]) => h('option', { value: JSON.stringify(value) }, text)));
  if ([...select.options].some(({ value }) => value === before)) select.value = before;
}
