import type { World, WorldOptions } from '../../lambda/world.ts';
import type { Records } from './records.ts';
import type { KeyWord } from './sight.ts';

/** An operation of which every call may fail, and what is done about it then. */
export interface Scenario {
  readonly name: string;
  readonly world?: WorldOptions;
  /** Declared compromised by the operation. */
  readonly leaked?: KeyWord;
  /** All that is sent and written down when nothing fails, from the first sweep on. */
  readonly quiet: Records;
  /** Subjects of what a sweep says that finds it half done. */
  readonly meanwhile?: RegExp;
  /** Everything before; none of its calls fails. */
  readonly prepare: (world: World) => Promise<unknown>;
  readonly operate: (world: World) => Promise<unknown>;
  /** As the service, the schedule or the operator does it next. @returns what still failed */
  readonly again: (world: World) => Promise<readonly string[]>;
}

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** Short, so that a key's whole life is played. */
export const RETENTION_DAYS = 2;
