import { requireAccepted } from '../../lambda/domain/acceptance.ts';
import { KeysError } from '../../lambda/domain/errors.ts';
import type { SecretValue } from '../../lambda/domain/secret-value.ts';
import { which } from '../../lambda/domain/which.ts';
import type { InventoryReport } from '../../lambda/payloads.ts';
import type { EnvironmentConfig, KeyConfig } from '../../lib/config.ts';
import type { Context } from '../keyctl/context.ts';
import { Refusal } from '../keyctl/refusal.ts';
import { type Gap, placeOf, search } from './search.ts';

/**
 * A key that is pending may be staged for the same secret again: a rotation that was interrupted
 * needs it to finish.
 * @throws Refusal KEY_IN_USE_HERE when any key of the environment has, had or awaits this value
 */
export function refuseKnownHere(report: InventoryReport, key: string, fingerprint: string): void {
  const match = which(fingerprint, report.keys).find(
    (one) => one.key !== key || one.state !== 'pending',
  );
  if (!match) return;
  const advice =
    match.state === 'staged'
      ? 'Take it back there first, if it was meant for this key.'
      : 'A key is handed in once: generate another at Amplitude.';
  throw new Refusal(
    'KEY_IN_USE_HERE',
    `Key ${fingerprint} is ${match.state} in ${report.environment}/${match.key}. Nothing was stored. ${advice}`,
  );
}

/**
 * Answers where it couldn't look.
 * @throws Refusal KEY_IN_USE_ELSEWHERE
 */
export async function refuseKnownElsewhere(
  context: Context,
  others: readonly EnvironmentConfig[],
  fingerprint: string,
): Promise<readonly Gap[]> {
  const { matches, gaps } = await search(context, others, fingerprint);
  const [match] = matches;
  if (!match) return gaps;
  throw new Refusal(
    'KEY_IN_USE_ELSEWHERE',
    `Key ${fingerprint} is ${match.state} in ${placeOf(match)}. Nothing was stored: environments share no key. Generate one in the Amplitude project of this environment.`,
  );
}

/** @throws Refusal KEY_REJECTED, KEY_IN_OTHER_REGION, OPERATION_NOT_ENABLED, VERDICT_UNKNOWN */
export async function requireAcceptedHere(
  context: Context,
  { name: environment, amplitude }: EnvironmentConfig,
  key: KeyConfig,
  value: SecretValue,
): Promise<void> {
  const managed = { ...key, environment };
  const { dataResidency, endpoints } = amplitude;
  const verdict = await context.vendor({ dataResidency, endpoints }).ask({ managed, value });
  try {
    requireAccepted(managed, value, verdict);
  } catch (error) {
    if (!(error instanceof KeysError)) throw error;
    const details = { ...error.fields };
    throw new Refusal(error.code, `${error.message} Nothing was stored.`, { details });
  }
}
