import type { RecordedCall } from './call.ts';
import { grantOf } from './grant.ts';
import { isOwn } from './judge.ts';
import type { Signs } from './knowledge.ts';
import { type Known, keyMeant, nameMeant, versionRead } from './known.ts';
import type { OwnRoles, Place } from './place.ts';
import type { Case } from './rules.ts';
import { type Foreign, type Subject, subjectOf } from './subject.ts';

/** One message of the queue, and what was understood of it. */
export interface Message {
  readonly id: string;
  readonly content: RecordedCall | Foreign;
}

/** An event of this environment and the messages that brought it. */
export interface Ours {
  readonly call: RecordedCall;
  readonly subject: Subject;
  readonly messages: readonly string[];
}

export interface Sorted {
  readonly ours: readonly Ours[];
  /** How many events were passed over, by the reason. */
  readonly foreign: ReadonlyMap<Foreign, number>;
}

/** Each event once, whatever brought it how often. */
export function sortOut(messages: readonly Message[], place: Place, now: Date): Sorted {
  const ours = new Map<string, Ours & { messages: string[] }>();
  const foreign = new Map<Foreign, number>();
  for (const { id, content } of messages) {
    const subject = typeof content === 'string' ? content : subjectOf(content, place, now);
    if (typeof content === 'string' || typeof subject === 'string') {
      const reason = subject as Foreign;
      foreign.set(reason, (foreign.get(reason) ?? 0) + 1);
      continue;
    }
    const same = ours.get(content.id);
    if (same) same.messages.push(id);
    else ours.set(content.id, { call: content, subject, messages: [id] });
  }
  return { ours: [...ours.values()], foreign };
}

export const isRead = ({ subject }: Ours) => subject.of === 'read';

/** A read by somebody who is no role of this stack: only of these it matters what is known. */
export const isStrange = (roles: OwnRoles) => (one: Ours) => isRead(one) && !isOwn(one, { roles });

/** What shows in a batch that the known keys are out of date. */
export function signsIn(ours: readonly Ours[], strange: readonly Ours[], place: Place): Signs {
  const changes = ours.filter(({ subject, call }) => subject.of === 'secret' && !call.error);
  const times = changes.map(({ call }) => call.at.getTime());
  return {
    ...(times.length > 0 ? { changedAt: new Date(Math.max(...times)) } : {}),
    isUnknown: (known) =>
      strange.some(({ call, subject }) => {
        if (subject.of !== 'read' || call.error) return false;
        const report = keyMeant(known, subject.secretId, place);
        if (!report || (call.versionId !== undefined && !versionRead(report, call))) return true;
        // It may have been granted the key since
        return known.at < call.at && grantOf(call, report).is === 'none';
      }),
  };
}

export function caseOf({ call, subject }: Ours, known: Known | undefined, place: Place): Case {
  if (!('secretId' in subject)) return { call, subject };
  const report = keyMeant(known, subject.secretId, place);
  const key = report?.key ?? nameMeant(subject.secretId, place);
  return { call, subject, key, ...(report ? { report } : {}) };
}
