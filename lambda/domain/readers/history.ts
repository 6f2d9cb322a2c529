import type { ReadersReport } from '../../payloads.ts';
import { DAY, HOUR } from '../key-state.ts';

/** How far back reads are counted, and how far back they are looked for: CloudTrail's event history ends there. */
export const PERIOD = { lately: 72 * HOUR, month: 30 * DAY, all: 90 * DAY } as const;

/** Who read any secret of an environment is asked, up to now. */
export interface HistoryQuestion {
  readonly environment: string;
  readonly now: Date;
}

/** Reads by one principal of one secret, as its caller named it: by name or by ARN. */
export interface HistoryRow {
  readonly secretId: string;
  /** ARN of the role or user; of a reader of another account the account's number. */
  readonly principal: string;
  /** AWS answered an error instead of the value. */
  readonly refused: boolean;
  readonly first: Date;
  readonly last: Date;
  readonly in72Hours: number;
  readonly in30Days: number;
  /** The highest of these reads, 0–100, by the usage record; absent: none is known. */
  readonly risk?: number;
}

/** Reads within one hour, without those that AWS refused. */
export interface HistoryHour extends Pick<HistoryRow, 'secretId' | 'principal'> {
  /** Its beginning. */
  readonly hour: Date;
  readonly reads: number;
}

/** Of risks, some of which aren't known. */
export function highest(...risks: readonly (number | undefined)[]): number | undefined {
  const known = risks.filter((risk) => risk !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}

/** What CloudTrail answered, counted. */
export interface History {
  readonly rows: readonly HistoryRow[];
  /** Every read since then was seen; absent: nothing is sure. */
  readonly since?: Date;
  /** Of the last 72 hours, every one since `since`; absent: they aren't known. */
  readonly hours?: { readonly since: Date; readonly rows: readonly HistoryHour[] };
  readonly source: Omit<ReadersReport['source'], 'since'>;
}
