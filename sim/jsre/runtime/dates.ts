/**
 * Dates and locales of scripts, which must not tell one host from another: local time is UTC, the locale is en-US, and the
 * present is the device's. This is the text of a script of the realm, as its functions have to be the realm's own; it
 * gives a function that takes the clock, in milliseconds since 1970.
 */
export const DATES = `(() => {
  'use strict';
  const Engine = Date;
  const { prototype } = Engine;
  const LOCALE = 'en-US';
  const { apply, construct } = Reflect;
  let now = () => 0;

  const own = (object, name, value) => {
    const { enumerable = false } = Object.getOwnPropertyDescriptor(object, name) ?? {};
    Object.defineProperty(object, name, { value, writable: true, enumerable, configurable: true });
  };
  /** Puts functions in the places of the engine's, which keep their names and lengths. */
  const replace = (object, functions) => {
    for (const name of Object.keys(functions)) {
      const { length } = object[name];
      Object.defineProperty(functions[name], 'name', { value: name });
      Object.defineProperty(functions[name], 'length', { value: length });
      own(object, name, functions[name]);
    }
  };

  // Local time is UTC.
  for (const part of ['FullYear', 'Month', 'Date', 'Hours', 'Minutes', 'Seconds', 'Milliseconds', 'Day']) {
    for (const verb of part === 'Day' ? ['get'] : ['get', 'set']) {
      const engine = prototype[verb + 'UTC' + part];
      replace(prototype, { [verb + part](...values) { return apply(engine, this, values); } });
    }
  }
  const { getTime, setTime, toISOString, toUTCString, getUTCFullYear, setUTCFullYear } = prototype;
  /** 'Thu Jan 01 1970' and '00:00:00 GMT+0000 (…)', out of 'Thu, 01 Jan 1970 00:00:00 GMT'; null for no valid date. */
  const texts = (date) => {
    if (Number.isNaN(apply(getTime, date, []))) return null;
    const [day, date_, month, year, time] = apply(toUTCString, date, []).replace(',', '').split(' ');
    return [[day, month, date_, year].join(' '), time + ' GMT+0000 (Coordinated Universal Time)'];
  };
  replace(prototype, {
    getTimezoneOffset() { return apply(getTime, this, []) * 0 + 0; },
    getYear() { return apply(getUTCFullYear, this, []) - 1900; },
    setYear(value) {
      const year = Number(value);
      const time = apply(getTime, this, []);
      if (Number.isNaN(year)) return apply(setTime, this, [NaN]);
      if (Number.isNaN(time)) apply(setTime, this, [0]);
      const whole = Math.trunc(year);
      return apply(setUTCFullYear, this, [whole >= 0 && whole <= 99 ? 1900 + whole : year]);
    },
    toString() { return texts(this)?.join(' ') ?? 'Invalid Date'; },
    toDateString() { return texts(this)?.[0] ?? 'Invalid Date'; },
    toTimeString() { return texts(this)?.[1] ?? 'Invalid Date'; },
  });

  // Texts without a time zone are of UTC.
  const DAY = /^(?:[+-]\\d{6}|\\d{4})(?:-\\d\\d){0,2}$/;
  const ISO = /^(?:[+-]\\d{6}|\\d{4})(?:-\\d\\d){0,2}T[\\d:.]+$/i;
  const ZONE = /\\d.*?(?<![a-z])(?:z|utc?|gmt|[ecmp][sd]t)(?![a-z])|:.*[+-]\\s*\\d/i;
  const parse = (value) => {
    const text = String(value);
    if (DAY.test(text)) return Engine.parse(text);
    if (ISO.test(text)) return Engine.parse(text + 'Z');
    let bare = text;
    for (let last = ''; last !== bare; ) [last, bare] = [bare, bare.replace(/\\([^()]*\\)/g, ' ')];
    bare = bare.replace(/\\(.*/s, '');
    return Engine.parse(ZONE.test(bare) ? text : bare + ' Z');
  };
  const isDate = (value) => {
    try {
      apply(getTime, value, []);
      return true;
    } catch {
      return false;
    }
  };
  const primitive = (value) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
    const convert = value[Symbol.toPrimitive];
    if (convert !== undefined && convert !== null) {
      const result = apply(convert, value, ['default']);
      if ((typeof result === 'object' && result !== null) || typeof result === 'function') {
        throw new TypeError('Cannot convert object to primitive value');
      }
      return result;
    }
    for (const method of ['valueOf', 'toString']) {
      if (typeof value[method] !== 'function') continue;
      const result = value[method]();
      if ((typeof result !== 'object' && typeof result !== 'function') || result === null) return result;
    }
    throw new TypeError('Cannot convert object to primitive value');
  };
  const timeOf = (value) => {
    if (isDate(value)) return apply(getTime, value, []);
    const plain = primitive(value);
    return typeof plain === 'string' ? parse(plain) : plain;
  };
  function DeviceDate(...parts) {
    if (new.target === undefined) return new Engine(now()).toString();
    const time = parts.length === 0 ? now() : parts.length === 1 ? timeOf(parts[0]) : Engine.UTC(...parts);
    return construct(Engine, [time], new.target);
  }
  Object.defineProperties(DeviceDate, {
    name: { value: 'Date' },
    length: { value: 7 },
    prototype: { value: prototype, writable: false },
  });
  own(DeviceDate, 'UTC', Engine.UTC);
  own(DeviceDate, 'parse', { parse(value) { return parse(value); } }.parse);
  own(DeviceDate, 'now', { now() { return now(); } }.now);
  own(prototype, 'constructor', DeviceDate);
  own(globalThis, 'Date', DeviceDate);

  // The locale is en-US where none is named, and where the engine does not have those that are.
  const locale = (asked) => asked === undefined ? LOCALE : [...Intl.getCanonicalLocales(asked), LOCALE];
  const zoned = (options) => {
    if (options === null) return options;
    const given = Object(options ?? {});
    return given.timeZone === undefined ? Object.create(given, { timeZone: { value: 'UTC' } }) : given;
  };
  const localized = (object, names, place, optionsOf = (options) => options) => {
    for (const name of names) {
      const engine = object[name];
      replace(object, {
        [name](...values) {
          values[place] = locale(values[place]);
          values[place + 1] = optionsOf(values[place + 1]);
          return apply(engine, this, values);
        },
      });
    }
  };
  localized(prototype, ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'], 0, zoned);
  localized(Number.prototype, ['toLocaleString'], 0);
  localized(BigInt.prototype, ['toLocaleString'], 0);
  localized(String.prototype, ['localeCompare'], 1);
  localized(String.prototype, ['toLocaleLowerCase', 'toLocaleUpperCase'], 0);
  for (const name of Object.getOwnPropertyNames(Intl)) {
    const Service = Intl[name];
    if (typeof Service !== 'function' || Service.supportedLocalesOf === undefined) continue;
    const takesZone = name === 'DateTimeFormat';
    const Localized = function (asked, options) {
      if (new.target === undefined && !['DateTimeFormat', 'NumberFormat', 'Collator'].includes(name)) {
        throw new TypeError("Constructor Intl." + name + " requires 'new'");
      }
      return construct(Service, [locale(asked), takesZone ? zoned(options) : options], new.target ?? Localized);
    };
    Object.defineProperties(Localized, {
      name: { value: name },
      length: { value: Service.length },
      prototype: { value: Service.prototype, writable: false },
    });
    own(Localized, 'supportedLocalesOf', Service.supportedLocalesOf);
    own(Service.prototype, 'constructor', Localized);
    own(Intl, name, Localized);
  }
  // What formats the present formats the device's.
  const format = Intl.DateTimeFormat.prototype;
  const { get: getFormat } = Object.getOwnPropertyDescriptor(format, 'format');
  const formats = new WeakMap();
  Object.defineProperty(format, 'format', {
    get() {
      const engine = apply(getFormat, this, []);
      if (!formats.has(this)) formats.set(this, (date) => engine(date === undefined ? now() : date));
      return formats.get(this);
    },
  });
  const { formatToParts } = format;
  replace(format, {
    formatToParts(date) { return apply(formatToParts, this, [date === undefined ? now() : date]); },
  });
  return (clock) => { now = clock; };
})()`;
