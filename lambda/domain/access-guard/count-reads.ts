import type { GuardRules } from '../../contract.ts';
import type { AtOnce } from '../ports.ts';
import { type RecordedCall, sourceOf } from './call.ts';
import type { Memory } from './ports.ts';
import type { Case, Counts } from './rules.ts';
import type { Trouble } from './trouble.ts';
import { safe } from './usage-line.ts';
import { mostMarks, mostWithin, type Window, windowsOf } from './windows.ts';

export interface CountPorts {
  readonly memory: Memory;
  readonly atOnce: AtOnce;
  readonly rules: GuardRules;
}

/** Calls to the table under way at once. */
export const WRITING = 16;

/**
 * How often the key of each read was read, and how often its source read any key of the environment,
 * within the minutes of the rules. By event id; one that couldn't be counted is in trouble.
 */
export async function countReads(
  { memory, atOnce, rules }: CountPorts,
  cases: readonly Case[],
  trouble: Trouble,
): Promise<ReadonlyMap<string, Counts>> {
  const limit = atOnce(WRITING);
  const countAll = async (of: string, calls: readonly RecordedCall[]) => {
    const windows = windowsOf(of, calls, rules);
    try {
      const counts = await Promise.all(windows.map((window) => limit(() => countIn(window))));
      return Math.max(...counts);
    } catch (error) {
      trouble.add(
        error,
        calls.map(({ id }) => id),
      );
      return 0;
    }
  };
  const countIn = async ({ set, marks, expires }: Window) =>
    mostWithin(await memory.mark(set, marks, mostMarks(rules), expires), rules);
  const [ofKeys, fromSources] = await Promise.all([
    countEach(cases, ({ key = '' }) => `of ${key}`, countAll),
    countEach(cases, ({ call }) => `from ${sourceOf(call)}`, countAll),
  ]);
  return new Map(
    cases.map(({ call: { id } }) => [
      id,
      { ofKey: ofKeys.get(id) ?? 0, fromSource: fromSources.get(id) ?? 0 },
    ]),
  );
}

async function countEach(
  cases: readonly Case[],
  kindOf: (one: Case) => string,
  countAll: (of: string, calls: readonly RecordedCall[]) => Promise<number>,
): Promise<ReadonlyMap<string, number>> {
  const kinds = [...Map.groupBy(cases, (one) => safe(kindOf(one)))];
  const counted = kinds.map(async ([of, some]) => {
    const calls = some.map(({ call }) => call);
    const count = await countAll(of, calls);
    return calls.map(({ id }) => [id, count] as const);
  });
  return new Map((await Promise.all(counted)).flat());
}
