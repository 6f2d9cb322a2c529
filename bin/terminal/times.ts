const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `2026-11-24 02:31 UTC` */
export function utc(time: string | Date): string {
  const iso = new Date(time).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** `3 days ago`, `in 2 hours`, `just now` */
export function relative(time: string | Date, now: Date): string {
  const distance = new Date(time).getTime() - now.getTime();
  const unit = UNITS.find(([, length]) => Math.abs(distance) >= length);
  if (!unit) return distance > 0 ? 'in a moment' : 'just now';
  const [name, length] = unit;
  const count = distance > 0 ? Math.round(distance / length) : Math.floor(-distance / length);
  const words = `${count} ${name}${count === 1 ? '' : 's'}`;
  return distance > 0 ? `in ${words}` : `${words} ago`;
}

export const utcAndRelative = (time: string | Date, now: Date) =>
  `${utc(time)} (${relative(time, now)})`;
