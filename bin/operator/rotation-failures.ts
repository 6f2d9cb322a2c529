import { functionName } from '../../lambda/contract.ts';
import { Refusal } from '../keyctl/refusal.ts';
import type { MilestoneName, Started } from './rotation-milestones.ts';
import type { Session } from './session.ts';

const status = ({ environment }: Session, { key }: Started) =>
  `npx keyctl status --env ${environment} --key ${key}`;
const whereToLook = ({ environment, region }: Session) =>
  `aws logs tail /aws/lambda/${functionName(environment, 'rotation')} --since 10m --region ${region}`;

export function tooLong(
  session: Session,
  started: Started,
  reached: readonly MilestoneName[],
  waitedMs: number,
): Refusal {
  const seconds = Math.round(waitedMs / 1000);
  const place = `${session.environment}/${started.key}`;
  const details = { version: started.token, reached };
  if (reached.includes('promoted')) {
    return new Refusal(
      'ROTATION_UNFINISHED',
      `Key ${started.candidate} of ${place} is promoted and works, but not everything after it was seen within ${seconds} s. Nothing is lost: Secrets Manager repeats the last step by itself. See what is left (${status(session, started)}) and why (${whereToLook(session)}).`,
      { details },
    );
  }
  return new Refusal(
    'ROTATION_STALLED',
    `Key ${started.candidate} of ${place} was not promoted within ${seconds} s. The current key is unchanged and works. Look why (${whereToLook(session)}). Secrets Manager tries again by itself, so it is safe to wait; then see where it stands: ${status(session, started)}`,
    { details },
  );
}

export function abandoned(session: Session, started: Started): Refusal {
  return new Refusal(
    'ROTATION_ABANDONED',
    `The rotation of ${session.environment}/${started.key} was abandoned: its version is no longer AWSPENDING, because a value was put by hand or the label was taken off. The current key is unchanged by this rotation. See where it stands: ${status(session, started)}`,
    { details: { version: started.token } },
  );
}

/** The rotation was started, but it could not be watched. */
export function unwatched(session: Session, started: Started, reason: Refusal): Refusal {
  return new Refusal(
    reason.code,
    `The rotation of ${session.environment}/${started.key} was started and runs on by itself, but it can't be followed from here. ${reason.message} Then see where it stands: ${status(session, started)}`,
    { details: { ...reason.details, version: started.token } },
  );
}
