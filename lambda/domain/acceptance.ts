import { secretName } from '../contract.ts';
import { KeysError } from './errors.ts';
import type { ManagedKey } from './managed-key.ts';
import type { Secrets, Vendor } from './ports.ts';
import type { SecretValue } from './secret-value.ts';
import { explain, type Verdict } from './verdict.ts';

export interface AcceptancePorts {
  readonly secrets: Secrets;
  readonly vendor: Vendor;
}

/**
 * Amplitude's verdict on a key; a secret key is judged together with its current API key.
 * @throws KeysError PAIRED_KEY_MISSING when that API key's secret holds no key
 */
export async function askVendor(
  { secrets, vendor }: AcceptancePorts,
  managed: ManagedKey,
  value: SecretValue,
): Promise<Verdict> {
  if (!managed.pairedWith) return vendor.ask({ managed, value });
  const paired = await secrets.readCurrent(secretName(managed.environment, managed.pairedWith));
  if (paired.content !== 'key') {
    throw new KeysError(
      'PAIRED_KEY_MISSING',
      `Secret key ${managed.environment}/${managed.name} is judged together with API key ${managed.pairedWith}, which holds no key yet. Stage and rotate ${managed.pairedWith} first.`,
      { environment: managed.environment, key: managed.name },
    );
  }
  return vendor.ask({ managed, value, apiKey: paired.document.value });
}

/** @throws KeysError KEY_REJECTED, KEY_IN_OTHER_REGION, OPERATION_NOT_ENABLED, VERDICT_UNKNOWN */
export function requireAccepted(
  managed: Pick<ManagedKey, 'environment' | 'name'>,
  value: SecretValue,
  verdict: Verdict,
): void {
  if (verdict.word === 'accepted') return;
  const { explanation, remedy, endpoint, httpStatus } = explain(verdict);
  throw new KeysError(
    refusalCode(verdict),
    `Key ${value.fingerprint} of ${managed.environment}/${managed.name} was not taken, the current key stays. ${explanation}. ${remedy}.`,
    {
      environment: managed.environment,
      key: managed.name,
      fingerprint: value.fingerprint,
      call: endpoint,
      ...(httpStatus === undefined ? {} : { httpStatus }),
    },
  );
}

function refusalCode({ word, answer, otherRegion }: Verdict) {
  if (word === 'rejected')
    return otherRegion?.word === 'accepted' ? 'KEY_IN_OTHER_REGION' : 'KEY_REJECTED';
  return answer.word === 'operation_not_enabled' ? 'OPERATION_NOT_ENABLED' : 'VERDICT_UNKNOWN';
}
