import type { VerdictReport, VerifyReport } from '../payloads.ts';
import { askVendor } from './acceptance.ts';
import { KeysError } from './errors.ts';
import type { KeyFacts } from './key-facts.ts';
import type { Clock, Secrets, Vendor } from './ports.ts';
import type { SecretValue } from './secret-value.ts';
import { explain } from './verdict.ts';
import { stateOf } from './versions.ts';

type Check = VerifyReport['checks'][number];
type Subject = Pick<Check, 'state' | 'versionId' | 'name'> & { readonly value: SecretValue };

/**
 * Amplitude is asked about no further key after this time: three tries in each of two regions take
 * up to 36 s, and the function ends after 60 s.
 */
const ASKING_MS = 15_000;

/** Asks Amplitude about every key that is staged or in the vault, one after the other: it allows few. */
export async function verify(
  ports: { readonly secrets: Secrets; readonly vendor: Vendor; readonly clock: Clock },
  facts: KeyFacts,
): Promise<Check[]> {
  const until = ports.clock.now().getTime() + ASKING_MS;
  const checks: Check[] = [];
  for (const { value, ...subject } of subjectsOf(facts)) {
    const last = checks.at(-1);
    const answer =
      last && ports.clock.now().getTime() > until
        ? notAsked(last)
        : explain(await askVendor(ports, facts.managed, value));
    checks.push({ ...subject, fingerprint: value.fingerprint, ...answer });
  }
  return checks;
}

function notAsked({ endpoint }: VerdictReport): VerdictReport {
  return {
    verdict: 'unknown',
    explanation: 'Not asked: Amplitude took too long over the keys before',
    remedy: 'Try again; if it lasts, see https://status.amplitude.com',
    endpoint,
  };
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
    ...staged.map(
      ({ value, name }): Subject => ({
        state: 'staged',
        value,
        ...(name ? { name } : {}),
      }),
    ),
  ];
}
