import type { Memory } from './ports.ts';

/** When something is done, and by whom: an invocation's own. */
export interface Turn {
  readonly now: Date;
  readonly owner: string;
}

/** Longer than the function runs, shorter than a message waits to come again. */
const LEASE = 2 * 60_000;

export const later = ({ now }: Pick<Turn, 'now'>, milliseconds: number) =>
  new Date(now.getTime() + milliseconds);

/** Whether a piece of work is left to this turn: nobody has done it yet, or is at it. */
export const isLeftTo = (turn: Turn, work: string, memory: Memory) =>
  memory.claim(work, turn.owner, turn.now, later(turn, LEASE));
