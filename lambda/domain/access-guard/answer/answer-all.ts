import type { Judged } from '../judge.ts';
import type { Trouble } from '../trouble.ts';

/** Does what the risk of each use asks for: records, notifies, quarantines. */
export async function answerAll(
  _ports: object,
  judged: readonly Judged[],
  _now: Date,
  _trouble: Trouble,
): Promise<readonly Judged[]> {
  return judged;
}
