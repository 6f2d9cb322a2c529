import { DAY } from '../key-state.ts';
import type { AtOnce } from '../ports.ts';
import type { Ours } from './cases.ts';
import { WRITING } from './count-reads.ts';
import type { Memory } from './ports.ts';
import { idsOf, type Trouble } from './trouble.ts';
import { principalTold } from './usage-line.ts';

export interface SignInPorts {
  readonly memory: Memory;
  readonly atOnce: AtOnce;
}

/**
 * Ids of the sign-ins of those who used no key in the last day: they are nobody's business here,
 * unless a read came of them.
 */
export async function privateSignIns(
  { memory, atOnce }: SignInPorts,
  ours: readonly Ours[],
  now: Date,
  trouble: Trouble,
): Promise<ReadonlySet<string>> {
  const signIns = ours.filter(({ subject }) => subject.of === 'sign-in');
  const touched = new Set<string>();
  await eachPrincipal(atOnce, signIns, trouble, async (principal) => {
    if (await memory.hasTouched(principal, now)) touched.add(principal);
  });
  return new Set(idsOf(signIns.filter(({ call }) => !touched.has(principalTold(call)))));
}

/** Keeps for a day who used a key. */
export async function rememberUsers(
  { memory, atOnce }: SignInPorts,
  strange: readonly Ours[],
  now: Date,
  trouble: Trouble,
): Promise<void> {
  const users = strange.filter(({ call }) => !call.error);
  const expires = new Date(now.getTime() + DAY);
  await eachPrincipal(atOnce, users, trouble, (principal) => memory.touch(principal, expires));
}

async function eachPrincipal(
  atOnce: AtOnce,
  some: readonly Ours[],
  trouble: Trouble,
  work: (principal: string) => Promise<void>,
): Promise<void> {
  const limit = atOnce(WRITING);
  const byPrincipal = [...Map.groupBy(some, ({ call }) => principalTold(call))];
  const done = byPrincipal.map(([principal, theirs]) =>
    limit(() => work(principal)).catch((error) => trouble.add(error, idsOf(theirs))),
  );
  await Promise.all(done);
}
