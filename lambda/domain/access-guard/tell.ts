import { usageGroupName } from '../../contract.ts';
import { DAY, HOUR } from '../key-state.ts';
import type { AtOnce, Notifier } from '../ports.ts';
import { WRITING } from './count-reads.ts';
import type { Judged } from './judge.ts';
import type { Place } from './place.ts';
import type { Memory } from './ports.ts';
import { noticeOf, type Report, reportsOf } from './reports.ts';
import type { Trouble } from './trouble.ts';
import { isLeftTo, later, type Turn } from './turn.ts';

export interface TellPorts {
  readonly memory: Memory;
  readonly notifier: Notifier;
  readonly atOnce: AtOnce;
  readonly place: Place;
}

/** Of one rule: a flood of different principals is told, and doesn't flood. */
const MOST_MESSAGES_AN_HOUR = 5;

/**
 * Reports what was found, the same thing once a day. A report is claimed, sent, then settled:
 * one whose sending failed is free again when its message comes back.
 */
export async function tell(
  { memory, notifier, atOnce, place }: TellPorts,
  judged: readonly Judged[],
  turn: Turn,
  trouble: Trouble,
): Promise<void> {
  const limit = atOnce(WRITING);
  const claimed = async (report: Report) => {
    try {
      return (await isLeftTo(turn, report.id, memory)) ? [report] : [];
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
    const hour = Math.floor(turn.now.getTime() / HOUR);
    const { counted } = first;
    const count = async (by: 1 | -1) =>
      counted ? memory.count(`messages ${counted} ${hour}`, by, later(turn, DAY)) : 0;
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
    await memory.settle(id, later(turn, finding.rule.isGrave || !wasSent ? HOUR : DAY));
  }
}
