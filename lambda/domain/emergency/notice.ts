import type { KeyDocument } from '../key-document.ts';
import type { KeyFacts } from '../key-facts.ts';
import { called, pressRevoke } from '../lifecycle/notices.ts';
import type { Notice, StagedKey } from '../ports.ts';
import type { Occasion } from './occasion.ts';

/** Told at once, before anything that can wait. */
export function revocationNotice(
  { managed }: KeyFacts,
  document: KeyDocument | undefined,
  versionId: string,
  standby: StagedKey | undefined,
  { project, reason, caller }: Occasion,
): Notice {
  const key = `${managed.environment}/${managed.name}`;
  const which = document ? called(document) : `of version ${versionId}`;
  const next = standby ? [`Consumers read key ${called(standby)} from now on.`] : [];
  return {
    subject: `EMERGENCY: revoke Amplitude key ${document?.value.fingerprint ?? ''} of ${key} now`,
    parts: [
      {
        happened: [
          `Key ${which} of ${key} was declared compromised: ${reason} (claimed by ${caller}).`,
          'Whoever holds the value can use it until Revoke is pressed at Amplitude.',
          ...next,
        ],
        ...(document ? { todo: pressRevoke(project, document) } : {}),
      },
    ],
  };
}
