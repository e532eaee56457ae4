/** Numbers and times as ZooKeeper prints them, so that programs that parse its answers parse these. */

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A figure that Java holds as a double, with four decimals at most: `0.0`, `1.9231`. */
export function decimal(value: number): string {
  const rounded = Math.round(value * 10_000) / 10_000;
  return Number.isInteger(rounded) ? rounded.toFixed(1) : String(rounded);
}

/** A figure that Java holds as a whole number; parts of a millisecond do not count. */
export function whole(value: number): string {
  return String(Math.floor(value));
}

/** `Sat Nov 21 07:59:17 UTC 2026` */
export function dateText(atMs: number): string {
  const date = new Date(atMs);
  const time = date.toISOString().slice(11, 19);
  const day = String(date.getUTCDate()).padStart(2, '0');
  return `${DAYS[date.getUTCDay()] ?? ''} ${MONTHS[date.getUTCMonth()] ?? ''} ${day} ${time} UTC ${date.getUTCFullYear()}`;
}

/** A 32-bit number in hexadecimal, negative ones as their two's complement. */
export function hex32(value: number): string {
  return (value >>> 0).toString(16);
}
