import { DAY } from '../key-state.ts';
import type { AtOnce } from '../ports.ts';
import type { Ours } from './cases.ts';
import { WRITING } from './count-reads.ts';
import type { Baselines } from './risk/ports.ts';
import { hasReadSince } from './risk/steps.ts';
import { idsOf, type Trouble } from './trouble.ts';
import { principalTold } from './usage-line.ts';

export interface SignInPorts {
  readonly baselines: Baselines;
  readonly atOnce: AtOnce;
}

/**
 * Ids of the sign-ins of those who used no key in the last day: they are nobody's business here,
 * unless a read came of them.
 */
export async function privateSignIns(
  { baselines, atOnce }: SignInPorts,
  ours: readonly Ours[],
  now: Date,
  trouble: Trouble,
): Promise<ReadonlySet<string>> {
  const signIns = ours.filter(({ subject }) => subject.of === 'sign-in');
  const since = new Date(now.getTime() - DAY);
  const limit = atOnce(WRITING);
  const byPrincipal = [...Map.groupBy(signIns, ({ call }) => principalTold(call))];
  const hidden = byPrincipal.map(async ([principal, theirs]) => {
    try {
      const { steps } = await limit(() => baselines.known(principal));
      return hasReadSince(steps, since) ? [] : idsOf(theirs);
    } catch (error) {
      trouble.add(error, idsOf(theirs));
      return idsOf(theirs);
    }
  });
  return new Set((await Promise.all(hidden)).flat());
}
