import * as z from 'zod/mini';
import { wrongUse } from '../keyctl/refusal.ts';

const dayOrTime = z.union([
  z.iso.date(),
  z.iso.datetime({ offset: true }),
  z.iso.datetime({ offset: true, precision: -1 }),
]);

/** A day begins at midnight UTC. @throws Refusal WRONG_USE */
export function sinceOf(typed: string): Date {
  const { data } = dayOrTime.safeParse(typed);
  if (data !== undefined) return new Date(data);
  throw wrongUse(
    '--since takes a day (2026-01-31) or a time with its offset (2026-01-31T08:00:00Z).',
  );
}
