import type { RecordedCall } from '../call.ts';
import type { SecondFactors } from './ports.ts';

/** Whether whoever called has proved a second factor, and what is known of it in words. */
export interface Proof {
  readonly isProved: boolean;
  readonly told?: string;
}

/** The session is asked first. Of a role IAM knows no devices, and of a user who has one not whether it was used. */
export async function proofOf(call: RecordedCall, factors: SecondFactors): Promise<Proof> {
  if (call.mfa === 'yes') return { isProved: true, told: 'its session was opened with MFA' };
  if (call.mfa === 'no') return { isProved: false, told: 'its session was opened without MFA' };
  const { kind, userName } = call;
  if (kind !== 'IAMUser' || !userName) return { isProved: false };
  return { isProved: false, told: TOLD[word(await factors.has(userName))] };
}

const word = (has: boolean | undefined) => (has === undefined ? 'silent' : has ? 'has' : 'none');

const TOLD = {
  has: 'its user has an MFA device, which this session does not show to have been used',
  none: 'its user has no MFA device',
  silent: 'IAM gave no answer to whether its user has an MFA device',
} as const;

/** Asks once of each user, however many uses of theirs there are. */
export function askedOnce(factors: SecondFactors): SecondFactors {
  const asked = new Map<string, Promise<boolean | undefined>>();
  return {
    has(userName) {
      const before = asked.get(userName);
      if (before) return before;
      const answer = factors.has(userName);
      asked.set(userName, answer);
      return answer;
    },
  };
}
