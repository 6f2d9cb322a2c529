import type { Transition } from '../../../lambda/domain/transition.ts';
import type { SweepReport } from '../../../lambda/handlers/lifecycle.ts';
import type { EmergencyReport, EmergencyRequest } from '../../../lambda/payloads.ts';
import type { Key } from './ledger.ts';
import type { Sight } from './sight.ts';

/** One invocation of a function, one rotation, or one change by hand. */
export interface Act {
  readonly by: 'rotation' | 'sweep' | 'emergency' | 'hand';
  readonly request?: EmergencyRequest;
  /** Whom a person who revokes means; undefined where even people could not tell. */
  readonly meant?: Key | undefined;
  readonly report?: EmergencyReport;
  readonly swept?: SweepReport;
  readonly error?: unknown;
  /** A fault was armed, or Amplitude is down: what should be done may not have been. */
  readonly isHindered: boolean;
  /** An emergency of which every step was done. */
  readonly isDone?: boolean;
  /** Nothing stands in the way of a revocation: one good standby key, room, no fault. */
  readonly isReady?: boolean;
}

/** What the functions let out since the last moment. */
export interface Output {
  readonly texts: readonly string[];
  readonly transitions: readonly Transition[];
  readonly metrics: Readonly<Record<string, number>>;
}

export interface Moment {
  readonly act: Act;
  readonly before: Sight;
  readonly after: Sight;
  readonly output: Output;
}

/** A sweep that could look after the key. */
export function worked({ act: { by, swept, isHindered }, before }: Moment): boolean {
  const [key] = swept?.keys ?? [];
  return by === 'sweep' && !isHindered && before.isCmkOn && key !== undefined && !key.failed;
}
