import type { KeyReport } from '../../lambda/payloads.ts';
import { Refusal } from '../keyctl/refusal.ts';
import { keyNotDeployed } from './aws-refusal.ts';
import { inventory } from './inspect.ts';
import type { Session } from './session.ts';

/** What AWS knows of one key. @throws Refusal NOT_DEPLOYED, or why it can't be read */
export async function keyReport(session: Session, key: string): Promise<KeyReport> {
  const { keys, unreadable } = await inventory(session, key);
  return reportOf(session, key, keys, unreadable);
}

export function reportOf(
  session: Session,
  key: string,
  keys: readonly KeyReport[],
  unreadable: Awaited<ReturnType<typeof inventory>>['unreadable'],
): KeyReport {
  const report = keys.find((each) => each.key === key);
  if (report) return report;
  const reason = unreadable.find((each) => each.key === key)?.error;
  if (!reason || reason.code === 'SECRET_NOT_FOUND') throw keyNotDeployed(session, key);
  throw new Refusal(reason.code as Refusal['code'], reason.message);
}

/** @throws Refusal when the staged keys can't be read, in a lockdown say */
export function stagedOf(report: KeyReport): KeyReport['staged'] {
  if (report.stagedUnreadable === undefined) return report.staged;
  throw new Refusal('CMK_UNAVAILABLE', report.stagedUnreadable);
}
