import type { GuardRules } from '../../../contract.ts';
import { asKeysError } from '../../errors.ts';
import { DAY } from '../../key-state.ts';
import { versionRead } from '../known.ts';
import type { Memory } from '../ports.ts';
import type { Trouble } from '../trouble.ts';
import { isLeftTo, later, type Turn } from '../turn.ts';
import { principalTold, safe } from '../usage-line.ts';
import type { Answer } from './answer.ts';
import type { Suspect } from './examine.ts';
import type { Revoker } from './ports.ts';
import type { Assessed } from './step.ts';

export interface RevocationPorts {
  readonly memory: Memory;
  readonly revoker: Revoker;
  readonly rules: GuardRules;
}

/** A key that has to be replaced, and the uses that show it. */
export interface Leak {
  readonly key: string;
  readonly versionId: string;
  /** For the audit trail: one line of up to 200 characters. */
  readonly reason: string;
  readonly events: readonly string[];
}

/** Current versions that were read at such a score, each key once, by its most suspicious read. */
export function leaksIn(
  suspects: readonly Suspect[],
  { revokeAt }: Pick<GuardRules, 'revokeAt'>,
): Leak[] {
  if (revokeAt === undefined) return [];
  const leaks = suspects
    .map(({ judged }) => judged)
    .filter(({ risk }) => risk.score >= revokeAt)
    .toSorted((one, other) => other.risk.score - one.risk.score)
    .flatMap((judged) => leakOf(judged) ?? []);
  return [...Map.groupBy(leaks, ({ key }) => key).values()].flatMap(([first, ...more]) =>
    first ? [{ ...first, events: [first, ...more].flatMap(({ events }) => events) }] : [],
  );
}

function leakOf({ case: { call, subject, report }, risk }: Assessed): Leak | undefined {
  const version = subject.of === 'read' && report ? versionRead(report, call) : undefined;
  if (!report || !version?.labels.includes('AWSCURRENT')) return undefined;
  const reason = `Risk ${risk.score}, event ${call.id}: read by ${principalTold(call)}`;
  const { versionId } = version;
  return { key: report.key, versionId, reason: safe(reason, 199), events: [call.id] };
}

/** Asks the emergency function once a day and key. By the id of the event, what became of it. */
export async function revokeLeaks(
  { memory, revoker, rules }: RevocationPorts,
  suspects: readonly Suspect[],
  turn: Turn,
  trouble: Trouble,
): Promise<ReadonlyMap<string, Pick<Answer, 'isRevoked' | 'besides'>>> {
  const revoke = async ({ key, versionId, reason, events }: Leak) => {
    const work = `revocation ${key}`;
    try {
      if (await isLeftTo(turn, work, memory)) {
        await revoker.revoke(key, versionId, reason);
        const settled = memory.settle(work, later(turn, DAY));
        // A second revocation of the same version finds nothing left to do
        await settled.catch((error) => trouble.add(error, []));
      }
      return { isRevoked: true };
    } catch (error) {
      trouble.add(error, events);
      const { code } = asKeysError(error);
      return {
        besides: [
          `the emergency function could not be asked to revoke the key (${code}), which is tried again within minutes`,
        ],
      };
    }
  };
  const all = leaksIn(suspects, rules).map(async (leak) => {
    const told = await revoke(leak);
    return leak.events.map((event) => [event, told] as const);
  });
  return new Map((await Promise.all(all)).flat());
}
