import { isPerson, type RecordedCall } from '../call.ts';
import type { SecondFactors } from './ports.ts';

/** Whether a session has proved a second factor, and what is known of it in words. */
export type Proof =
  | { readonly isProved: true; readonly told: string }
  | { readonly isProved: false; readonly told?: string };

/**
 * The session is asked first, then IAM, which knows the devices of its users, but neither those of
 * whoever took a role nor whether a device was used.
 */
export async function proofOf(call: RecordedCall, { has }: SecondFactors): Promise<Proof> {
  const { mfa, kind, userName } = call;
  if (mfa === 'yes') return { isProved: true, told: 'its session was opened with MFA' };
  // Of a workload that is no news: none has a second factor
  if (mfa === 'no') return { isProved: false, ...(isPerson(call) ? { told: WITHOUT } : {}) };
  if (kind !== 'IAMUser' || !userName) return { isProved: false };
  return { isProved: false, told: toldOf(await has(userName)) };
}

const WITHOUT = 'its session was opened without MFA';

function toldOf(hasDevice: boolean | undefined): string {
  if (hasDevice === undefined) return 'IAM gave no answer to whether its user has an MFA device';
  return hasDevice
    ? 'its user has an MFA device, which this session does not show to have been used'
    : 'its user has no MFA device';
}
