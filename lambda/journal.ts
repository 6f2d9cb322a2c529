import type { Journal } from './domain/ports.ts';
import type { Log } from './log.ts';
import { countHandOverFailure } from './metrics.ts';
import { describeError } from './worker.ts';

/** Lines of the log, and a count for the alarm where one tells of a hand-over that failed. */
export const journalOf = (log: Log, environment: string): Journal => ({
  note: log.info,
  handOverFailed(error) {
    log.error(error.message, describeError(error));
    countHandOverFailure(environment);
  },
});
