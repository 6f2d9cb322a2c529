import { Refusal } from '../keyctl/refusal.ts';
import { verify } from './inspect.ts';
import type { Session } from './session.ts';
import { deleteStaged } from './staged-parameter.ts';

const CODE = { rejected: 'KEY_REJECTED', unknown: 'VERDICT_UNKNOWN' } as const;

/**
 * A secret key is judged with its API key, which no laptop may read: so it is judged where it is
 * staged, and taken out again unless Amplitude accepts it.
 * @throws Refusal KEY_REJECTED, VERDICT_UNKNOWN, or why it couldn't be judged
 */
export async function requireAcceptedThere(session: Session, key: string, fingerprint: string) {
  const place = `${session.environment}/${key}`;
  const check = await stagedCheck(session, key, fingerprint).catch(async (error: unknown) => {
    await deleteStaged(session, key, fingerprint);
    if (!(error instanceof Refusal)) throw error;
    const message = `${error.message} Key ${fingerprint} could not be judged, so it was taken out of ${place} again.`;
    throw new Refusal(error.code, message, { details: error.details });
  });
  if (check.verdict === 'accepted') return;
  await deleteStaged(session, key, fingerprint);
  throw new Refusal(
    CODE[check.verdict],
    `Key ${fingerprint} was staged for ${place}, judged there and taken out again. ${check.explanation}. ${check.remedy ?? 'Try again'}.`,
  );
}

async function stagedCheck(session: Session, key: string, fingerprint: string) {
  const { checks } = await verify(session, key);
  const check = checks.find((one) => one.state === 'staged' && one.fingerprint === fingerprint);
  if (check) return check;
  throw new Refusal('VERDICT_UNKNOWN', 'The staged key was not seen yet. Try again.');
}
