import type { KeyReport } from '../../payloads.ts';
import type { RecordedCall } from './call.ts';

/** Whether a key is granted to whoever called; `why`, in words, of one to whom it isn't. */
export type Grant =
  | { readonly is: 'granted' | 'unknown' }
  | { readonly is: 'none'; readonly why: string };

/** @param report of the key; without one nobody knows */
export function grantOf({ principal, at }: RecordedCall, report: KeyReport | undefined): Grant {
  if (!report) return { is: 'unknown' };
  const { consumers = [] } = report;
  const theirs = consumers.filter((consumer) => isOf(consumer.principal, principal));
  if (theirs.some(({ expires }) => !expires || at < new Date(expires))) return { is: 'granted' };
  const [ended] = theirs;
  if (ended) return { is: 'none', why: `read after the grant had ended at ${ended.expires}` };
  // CloudTrail tells no tags of a principal
  if (consumers.some(({ principal: granted }) => !granted.startsWith('arn:'))) {
    return { is: 'unknown' };
  }
  return { is: 'none', why: 'read by one to whom the key is not granted' };
}

/** Of a reader of another account CloudTrail tells its number alone. */
export const isOf = (granted: string, principal: string) =>
  granted === principal || (/^\d{12}$/.test(principal) && granted.split(':')[4] === principal);
