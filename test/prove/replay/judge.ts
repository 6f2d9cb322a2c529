import type { UsageLine } from '../../../lambda/domain/access-guard/usage-line.ts';

/** What the guard writes of a use. */
export type Line = UsageLine & {
  readonly risk?: number;
  readonly risk_reasons?: readonly string[];
  readonly answer?: string;
};
