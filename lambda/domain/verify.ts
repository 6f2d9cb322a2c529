import type { VerifyReport } from '../contract.ts';
import { askVendor } from './acceptance.ts';
import { KeysError } from './errors.ts';
import type { KeyFacts } from './key-facts.ts';
import type { Secrets, Vendor } from './ports.ts';
import type { SecretValue } from './secret-value.ts';
import { explain } from './verdict.ts';
import { stateOf } from './versions.ts';

type Check = VerifyReport['checks'][number];
type Subject = Pick<Check, 'state' | 'versionId' | 'name'> & { readonly value: SecretValue };

/** Asks Amplitude about every key that is staged or in the vault, one after the other: it allows few. */
export async function verify(
  ports: { readonly secrets: Secrets; readonly vendor: Vendor },
  facts: KeyFacts,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { value, ...subject } of subjectsOf(facts)) {
    const verdict = await askVendor(ports, facts.managed, value);
    checks.push({ ...subject, fingerprint: value.fingerprint, ...explain(verdict) });
  }
  return checks;
}

/** @throws KeysError of the first value that can't be read */
function subjectsOf({ versions, staged }: KeyFacts): Subject[] {
  const inVault = versions.flatMap(({ versionId, labels, reading }): Subject[] => {
    if (reading instanceof KeysError) throw reading;
    if (reading.content !== 'key') return [];
    const { value, name } = reading.document;
    return [{ state: stateOf(labels), versionId, value, ...(name ? { name } : {}) }];
  });
  if (staged instanceof KeysError) throw staged;
  return [
    ...inVault,
    ...staged.map(({ value, name }): Subject => ({ state: 'staged', value, name })),
  ];
}
