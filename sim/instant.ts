import { SimulationError } from '../kernel/simulation-error.ts';

/** Days from 1970-01-01 to a date of the Gregorian calendar. */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** `2026-01-01`, `2026-01-01T12:00Z`, `2026-01-01T12:00:00+02:00`. */
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?(Z|[+-]\d\d:\d\d)?)?$/;

/** Seconds since 1970 of an ISO 8601 text, UTC where it names no zone; null where it is none. */
function isoSeconds(text: string): number | null {
  const match = ISO.exec(text.trim());
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((digits: string | undefined) => Number(digits ?? 0));
  const [, sign, zoneHours, zoneMinutes] = /^([+-])(\d\d):(\d\d)$/.exec(match[7] ?? '') ?? [];
  const days = daysSince1970(year, month, day);
  const isDate = month >= 1 && month <= 12 && day >= 1 && days < daysSince1970(year, month + 1, 1);
  if (!isDate || hour > 23 || minute > 59 || second > 59) return null;
  const zone = (Number(zoneHours ?? 0) * 60 + Number(zoneMinutes ?? 0)) * 60 * (sign === '-' ? -1 : 1);
  return days * 86_400 + hour * 3600 + minute * 60 + second - zone;
}

/**
 * A time of day as seconds since 1970, from a number of them or an ISO 8601 text.
 *
 * @param field - whose it is, for the message
 * @throws SimulationError where it is neither
 */
export function parseInstant(field: string, instant: number | string): number {
  const seconds = typeof instant === 'number' ? instant : isoSeconds(instant);
  if (seconds !== null && Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new SimulationError({
    kind: 'world',
    what: `${field} is ${typeof instant === 'number' ? instant : `'${instant}'`}`,
    fix: "write seconds since 1970, or a text such as '2026-01-01T00:00:00Z'",
  });
}
