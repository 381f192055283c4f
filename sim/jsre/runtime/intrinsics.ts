/** The parts of a property, whichever it has. */
export interface PropertyParts {
  readonly value?: unknown;
  readonly get?: unknown;
  readonly set?: unknown;
}

/**
 * The functions that an engine brings along, by name (`Array.prototype.map`): whatever can be reached from the global
 * object and from the seeds without calling anything.
 */
export function intrinsicNames(global: object, seeds: readonly unknown[]): WeakMap<object, string> {
  const names = new WeakMap<object, string>();
  const seen = new Set<object>();
  const visit = (value: unknown, name: string): void => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
    seen.add(value);
    if (typeof value === 'function') names.set(value, name);
    const prefix = name === '' ? '' : `${name}.`;
    for (const key of Reflect.ownKeys(value)) {
      const property: PropertyParts | undefined = Object.getOwnPropertyDescriptor(value, key);
      const path = typeof key === 'symbol' ? `${name}[${key.description ?? ''}]` : `${prefix}${key}`;
      visit(property?.value, path);
      visit(property?.get, `get ${path}`);
      visit(property?.set, `set ${path}`);
    }
    visit(Object.getPrototypeOf(value), name === '' ? 'Object' : `${prefix}prototype`);
  };
  visit(global, '');
  for (const seed of seeds) visit(Object.getPrototypeOf(seed), 'an iterator');
  return names;
}
