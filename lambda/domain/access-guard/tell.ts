import { usageGroupName } from '../../contract.ts';
import { DAY, HOUR } from '../key-state.ts';
import type { AtOnce, Notifier } from '../ports.ts';
import { WRITING } from './count-reads.ts';
import type { Judged } from './judge.ts';
import type { Place } from './place.ts';
import type { Memory } from './ports.ts';
import { noticeOf, type Report, reportsOf } from './reports.ts';
import type { Trouble } from './trouble.ts';

export interface TellPorts {
  readonly memory: Memory;
  readonly notifier: Notifier;
  readonly atOnce: AtOnce;
  readonly place: Place;
}

const MINUTE = 60_000;
/** Longer than the function runs, shorter than a message waits to come again. */
const LEASE = 2 * MINUTE;
/** Of one rule: a flood of different principals is told, and doesn't flood. */
const MOST_MESSAGES_AN_HOUR = 5;

/**
 * Reports what was found, the same thing once a day. A report is claimed, sent, then settled:
 * one whose sending failed is free again when its message comes back.
 * `owner` is the invocation's own.
 */
export async function tell(
  { memory, notifier, atOnce, place }: TellPorts,
  judged: readonly Judged[],
  { now, owner }: { readonly now: Date; readonly owner: string },
  trouble: Trouble,
): Promise<void> {
  const later = (milliseconds: number) => new Date(now.getTime() + milliseconds);
  const limit = atOnce(WRITING);
  const claimed = async (report: Report) => {
    try {
      return (await memory.claim(report.id, owner, now, later(LEASE))) ? [report] : [];
    } catch (error) {
      trouble.add(error, report.events);
      return [];
    }
  };
  const mine = await Promise.all(reportsOf(judged).map((one) => limit(() => claimed(one))));
  for (const group of Map.groupBy(mine.flat(), (report) => report.group).values()) {
    try {
      const wasSent = await send(group);
      await Promise.all(group.map((report) => limit(() => settle(report, wasSent))));
    } catch (error) {
      trouble.add(
        error,
        group.flatMap(({ events }) => events),
      );
    }
  }

  async function send(group: readonly Report[]): Promise<boolean> {
    const [first] = group;
    if (!first) return false;
    const hour = Math.floor(now.getTime() / HOUR);
    const { counted } = first;
    const count = async (by: 1 | -1) =>
      counted ? memory.count(`messages ${counted} ${hour}`, by, later(DAY)) : 0;
    const sent = await count(1);
    if (sent > MOST_MESSAGES_AN_HOUR) return false;
    const record = usageGroupName(place.environment);
    const isLast = sent === MOST_MESSAGES_AN_HOUR;
    try {
      await notifier.notify(noticeOf(place.environment, record, group, isLast));
    } catch (error) {
      // Else tries that failed would use up the hour, and the report with them
      await count(-1);
      throw error;
    }
    return true;
  }

  /** What was one message too many is told in an hour, if it goes on. */
  async function settle({ id, finding }: Report, wasSent: boolean): Promise<void> {
    await memory.settle(id, later(finding.rule.isGrave || !wasSent ? HOUR : DAY));
  }
}
