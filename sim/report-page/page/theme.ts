/** Colours of the time line. Chosen from a set that people with any colour vision tell apart (Okabe and Ito). */
export interface Palette {
  readonly background: string;
  readonly band: string;
  readonly owner: string;
  readonly line: string;
  readonly grid: string;
  readonly text: string;
  readonly dim: string;
  readonly running: string;
  readonly ready: string;
  readonly blocked: string;
  readonly tx: string;
  readonly nx: string;
  readonly secure: string;
  readonly callback: string;
  readonly onCall: string;
  readonly onCallback: string;
  readonly dtls: string;
  readonly data: string;
  readonly arp: string;
  readonly other: string;
  readonly lost: string;
  readonly fault: string;
  readonly level: string;
  readonly levelFill: string;
  readonly select: string;
  readonly ip: string;
}

const LIGHT: Palette = {
  background: '#ffffff',
  band: '#f6f8fa',
  owner: '#e9eef4',
  line: '#d3dbe4',
  grid: '#eaeef3',
  text: '#1b2733',
  dim: '#566575',
  running: '#0072b2',
  ready: '#e69f00',
  blocked: '#c3ccd6',
  tx: '#d3e3f3',
  nx: '#cdeadf',
  secure: '#ead6ec',
  callback: '#d55e00',
  onCall: '#14202b',
  onCallback: '#ffffff',
  dtls: '#7b3f8c',
  data: '#007a5a',
  arp: '#7d8a97',
  other: '#2b6ca3',
  lost: '#c1272d',
  fault: '#b36b00',
  level: '#007a5a',
  levelFill: 'rgba(0, 122, 90, 0.13)',
  select: '#111827',
  ip: '#fdf3e7',
};

const DARK: Palette = {
  background: '#12171d',
  band: '#161c23',
  owner: '#202934',
  line: '#36424f',
  grid: '#1f2730',
  text: '#e8eef4',
  dim: '#9caab8',
  running: '#56b4e9',
  ready: '#f0c420',
  blocked: '#46525f',
  tx: '#27435f',
  nx: '#1d4a3d',
  secure: '#4c2f55',
  callback: '#f0883e',
  onCall: '#eef4fa',
  onCallback: '#1b0f03',
  dtls: '#d3a0e0',
  data: '#4fcfa5',
  arp: '#8b98a6',
  other: '#7fb8ea',
  lost: '#ff7b72',
  fault: '#f5b83d',
  level: '#4fcfa5',
  levelFill: 'rgba(79, 207, 165, 0.16)',
  select: '#ffffff',
  ip: '#2a2118',
};

export type ThemeName = 'light' | 'dark';

/** Keeps the page light or dark: as the system has it, until the reader chooses. */
export class Theme {
  readonly #system = matchMedia('(prefers-color-scheme: dark)');
  #chosen: ThemeName | null = null;
  readonly #changed: () => void;

  /** @param changed - told when the colours are others than before */
  constructor(changed: () => void) {
    this.#changed = changed;
    this.#system.addEventListener('change', () => this.#apply());
    this.#apply();
  }

  get name(): ThemeName {
    return this.#chosen ?? (this.#system.matches ? 'dark' : 'light');
  }

  get palette(): Palette {
    return this.name === 'dark' ? DARK : LIGHT;
  }

  toggle(): void {
    this.#chosen = this.name === 'dark' ? 'light' : 'dark';
    this.#apply();
  }

  #apply(): void {
    document.documentElement.dataset['theme'] = this.name;
    this.#changed();
  }
}
