import type { AssessReport, EmergencyReport, VerifyReport } from '../../lambda/payloads.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { assess, verify } from './inspect.ts';
import { found, type Problem } from './problem.ts';
import type { Session } from './session.ts';

export type Check = VerifyReport['checks'][number] & { readonly at: string };

/** What is found out of a leaked key once it was acted on. */
export interface Aftermath {
  readonly assessment?: AssessReport;
  readonly notAssessed?: Problem;
  /** What Amplitude says of the leaked key. */
  readonly check?: Check;
  readonly notChecked?: Problem;
}

/** Who used the key, and whether Amplitude rejects it already. Neither hides the other. */
export async function aftermath(
  terminal: Terminal,
  session: Session,
  { key = '', leaked = {} }: EmergencyReport,
  hours: number,
): Promise<Aftermath> {
  const { versionId } = leaked;
  const progress = terminal.progress();
  progress.start(`Finding out who read it in the last ${hours} hours, and what Amplitude says`);
  const [assessed, verified] = await Promise.all([
    found(assess(session, key, { hours, ...(versionId ? { version: versionId } : {}) })),
    found(verify(session, key)),
  ]);
  const complete = 'thing' in assessed && 'thing' in verified;
  if (complete) progress.done('Assessed');
  else progress.fail('Not all could be found out');
  return {
    ...('thing' in assessed ? { assessment: assessed.thing } : { notAssessed: assessed.problem }),
    ...('thing' in verified ? checkOf(verified.thing, leaked) : { notChecked: verified.problem }),
  };
}

function checkOf({ checks, at }: VerifyReport, { versionId, fingerprint }: LeakedKey) {
  const check = checks.find(
    (one) => one.versionId === versionId || one.fingerprint === fingerprint,
  );
  return check ? { check: { ...check, at } } : {};
}

type LeakedKey = NonNullable<EmergencyReport['leaked']>;
