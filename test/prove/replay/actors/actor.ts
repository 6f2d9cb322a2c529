import type { Day } from '../calendar.ts';
import type { Happening, Origin } from '../happening.ts';

/** What one of the account does on a day. */
export type Actor = (day: Day) => Happening[];

export const usual = (who: string): Origin => ({ is: 'usual', who });
export const worthTelling = (who: string): Origin => ({ is: 'worth telling', who });
