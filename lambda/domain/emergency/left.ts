import type { KeyFacts } from '../key-facts.ts';
import { pressRevoke } from '../lifecycle/notices.ts';
import { restartsLeft } from './hand-over.ts';
import type { Occasion } from './occasion.ts';
import { leakedDocument, leakedVersionId, type Subject } from './subject.ts';

/** What only a person can do after a revocation, in order; it differs by the kind of key. */
export function leftAfterRevocation(
  facts: KeyFacts,
  subject: Subject,
  replaced: boolean,
  occasion: Occasion,
): string[] {
  const { managed } = facts;
  const document = leakedDocument(facts, subject);
  const to = `--env ${managed.environment} --key ${managed.name}`;
  const press = document
    ? pressRevoke(occasion.project, document)
    : 'Revoke the leaked key at Amplitude.';
  const now = managed.kind === 'secret' || !replaced;
  return [
    ...(now && managed.kind !== 'secret' && managed.audience !== 'browser' ? [STRAGGLERS] : []),
    ...(now ? [`Now: ${press}`] : []),
    ...(replaced ? [restartsLeft(facts, occasion.now)] : []),
    ...(now ? [] : [`Once they run with the next key: ${press}`, COST]),
    `See who read it: npx keyctl assess ${to} --version ${leakedVersionId(subject)}`,
    ...(replaced ? [`Stage another standby key: npx keyctl stage ${to}`] : []),
    'The hourly sweep asks Amplitude until it has rejected the key for six hours, and then reports it retired.',
  ];
}

const STRAGGLERS =
  'Consumers that were not restarted since it was replaced still send with it and lose events once it is revoked: restart them first, if there are any.';

const COST =
  'What waiting costs: whoever holds the value writes events meanwhile. What not waiting costs: consumers that still send with it lose events, since official SDKs drop them on a revoked key, silently.';
