import { GENERALIZED_TIME, toBinary, UTC_TIME, type Asn1 } from './asn1.ts';

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** Seconds from 1970-01-01 00:00:00 UTC to a date, or null where there is no such date. */
function unixTime(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | null {
  const daysInMonth = (DAYS_IN_MONTH[month - 1] ?? 0) + (month === 2 && isLeap(year) ? 1 : 0);
  if (day < 1 || day > daysInMonth || hour > 23 || minute > 59 || second > 59) return null;
  const leapDays = (until: number): number => Math.floor(until / 4) - Math.floor(until / 100) + Math.floor(until / 400);
  const yearDays = (year - 1970) * 365 + leapDays(year - 1) - leapDays(1969);
  const days = yearDays + (DAYS_BEFORE_MONTH[month - 1] ?? 0) + (month > 2 && isLeap(year) ? 1 : 0) + day - 1;
  return days * 86_400 + hour * 3600 + minute * 60 + second;
}

/** A UTCTime or GeneralizedTime in the form of RFC 5280 section 4.1.2.5, in seconds since 1970, or null. */
export function parseTime(node: Asn1 | undefined): number | null {
  if (node === undefined || node.constructed) return null;
  const text = toBinary(node.bytes);
  const pattern = /^(\d{2,4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/;
  const fields = pattern.exec(text)?.slice(1).map(Number);
  if (fields === undefined) return null;
  const [years = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  if (node.tag === UTC_TIME && text.length === 13) {
    return unixTime(years < 50 ? 2000 + years : 1900 + years, month, day, hour, minute, second);
  }
  if (node.tag === GENERALIZED_TIME && text.length === 15) return unixTime(years, month, day, hour, minute, second);
  return null;
}
