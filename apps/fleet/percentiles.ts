/** Values by percentile. */
export class Percentiles {
  readonly #values: number[] = [];
  #isSorted = true;

  add(value: number): void {
    this.#values.push(value);
    this.#isSorted = false;
  }

  get count(): number {
    return this.#values.length;
  }

  /** The least value that so many hundredths of all are not above; NaN where there is none. */
  at(percent: number): number {
    if (!this.#isSorted) this.#values.sort((a, b) => a - b);
    this.#isSorted = true;
    const place = Math.ceil((percent / 100) * this.#values.length) - 1;
    return this.#values[Math.max(0, place)] ?? NaN;
  }
}

const COLUMNS = [
  ['p50', 50],
  ['p90', 90],
  ['p99', 99],
  ['max', 100],
] as const;

/** One row of a table of percentiles. */
export interface PercentileRow {
  readonly what: string;
  readonly values: Percentiles;
  readonly digits: number;
}

/** The rows as a table, with a heading. */
export function percentileTable(title: string, rows: readonly PercentileRow[]): readonly string[] {
  const width = Math.max(title.length, ...rows.map(({ what }) => what.length));
  const line = (head: string, cells: readonly string[]): string =>
    `${head.padEnd(width)}${cells.map((cell) => cell.padStart(10)).join('')}`;
  return [
    line(title, [...COLUMNS.map(([name]) => name), 'count']),
    ...rows.map(({ what, values, digits }) => {
      const cells = COLUMNS.map(([, percent]) => (values.count === 0 ? '-' : values.at(percent).toFixed(digits)));
      return line(what, [...cells, String(values.count)]);
    }),
  ];
}
