import { nextDocument } from '../candidate.ts';
import type { KeyDocument } from '../key-document.ts';
import type { KeyFacts } from '../key-facts.ts';
import { currentOf, documentOf, incumbentIn } from '../key-state.ts';
import {
  awaitingRevocationLabel,
  compromisedLabel,
  isAwaitingRevocation,
  isRetained,
  parseCompromised,
} from '../labels.ts';
import { moves } from '../lifecycle/action.ts';
import { formatAwaiting, note } from '../lifecycle/notes.ts';
import type { LabelMove, StagedKey } from '../ports.ts';
import { planPromotion } from '../promotion.ts';
import { labelsOf, type SecretDescription } from '../versions.ts';
import { lineOf, revocationLines } from './lines.ts';
import { revocationNotice } from './notice.ts';
import type { Occasion } from './occasion.ts';
import type { Step } from './step.ts';
import { leakedDocument, leakedVersionId, type Subject, tokenOf } from './subject.ts';

/**
 * Mark it, replace it if consumers read it, take it from its readers, ask for Revoke, clean up.
 * Before a key is promoted the leaked one is marked, so that no rotation gives it a retention.
 * @throws KeysError of the promotion: CURRENT_CHANGED, LABEL_LIMIT
 */
export function planRevocation(
  facts: KeyFacts,
  subject: Subject,
  standby: StagedKey | undefined,
  occasion: Occasion,
): Step[] {
  const document = leakedDocument(facts, subject);
  const steps = subject.in === 'stage' ? shelve(subject.staged, document, occasion) : [];
  const versionId = leakedVersionId(subject);
  const labels = subject.in === 'stage' ? [] : subject.version.labels;
  const replacing = standby && labels.includes('AWSCURRENT');
  return [
    ...steps,
    ...(subject.in === 'vault' ? [mark(versionId, labels, occasion)] : []),
    ...(replacing ? replace(facts, versionId, standby, occasion) : settleCurrent(facts)),
    ...(subject.in === 'vault'
      ? [takeFromReaders(versionId, labels, replacing !== undefined)]
      : []),
    ask(facts, document, versionId, standby, occasion),
    ...cleanUp(facts, document, versionId, standby, occasion),
  ];
}

/** Into the vault, where the sweep can ask Amplitude about it until it is revoked. */
function shelve(
  { value }: StagedKey,
  document: KeyDocument | undefined,
  { now }: Occasion,
): Step[] {
  if (!document) return [];
  const token = tokenOf(value.fingerprint);
  const labels = [compromisedLabel(now, token), awaitingRevocationLabel(token)];
  return [
    {
      what: `Keep the staged key ${value.fingerprint} as compromised, and unstage it`,
      acts: [
        { do: 'put', token, document, labels },
        { do: 'unstage', fingerprint: value.fingerprint },
      ],
    },
  ];
}

function mark(versionId: string, labels: readonly string[], { now }: Occasion): Step {
  const marked = labels.some((label) => parseCompromised(label) !== undefined);
  const label = { label: compromisedLabel(now, versionId), to: versionId };
  return { what: 'Mark the leaked key as compromised', acts: moves(marked ? [] : [label]) };
}

function replace(facts: KeyFacts, leaked: string, standby: StagedKey, { now }: Occasion): Step[] {
  const incumbent = incumbentIn(facts);
  if (!incumbent) return [];
  const { managed, secret } = facts;
  const document = nextDocument(managed, standby, incumbent);
  const token = tokenOf(leaked, standby.value.fingerprint);
  const foreseen = asIfPending(secret, leaked, token, now);
  const promotion = planPromotion(managed, foreseen, token, document, now);
  return [
    {
      what: `Promote the standby key ${standby.value.fingerprint} ("${standby.name}")`,
      acts: [{ do: 'put', token, document, labels: ['AWSPENDING'] }, ...moves(promotion.moves)],
    },
  ];
}

/** An earlier try may have died between the move of AWSCURRENT and the end of AWSPENDING. */
function settleCurrent(facts: KeyFacts): Step[] {
  const current = currentOf(facts);
  if (!current?.labels.includes('AWSPENDING')) return [];
  const off = { label: 'AWSPENDING', from: current.versionId };
  return [{ what: 'Take AWSPENDING off the current key', acts: moves([off]) }];
}

/** The secret as it is once the leaked key is marked and the next one is put: AWSPENDING is on one only. */
function asIfPending(
  secret: SecretDescription,
  leaked: string,
  token: string,
  now: Date,
): SecretDescription {
  const versions = new Map(
    [...secret.versions].map(([id, labels]) => [
      id,
      labels.filter((label) => label !== 'AWSPENDING'),
    ]),
  );
  versions.set(leaked, [...labelsOf(secret, leaked), compromisedLabel(now, leaked)]);
  versions.set(token, ['AWSPENDING']);
  return { ...secret, versions };
}

/** The next label comes first: a version without one is gone from sight. */
function takeFromReaders(from: string, labels: readonly string[], replaced: boolean): Step {
  const reading = labels.filter((label) => label === 'AWSPENDING' || isRetained(label));
  const previous = replaced || labels.includes('AWSPREVIOUS') ? ['AWSPREVIOUS'] : [];
  const off = [...reading, ...previous].map((label): LabelMove => ({ label, from }));
  const awaiting = { label: awaitingRevocationLabel(from), to: from };
  return {
    what: "Take the leaked key out of its readers' reach",
    acts: moves([...(labels.some(isAwaitingRevocation) ? [] : [awaiting]), ...off]),
  };
}

function ask(
  facts: KeyFacts,
  document: KeyDocument | undefined,
  versionId: string,
  standby: StagedKey | undefined,
  occasion: Occasion,
): Step {
  const notice = revocationNotice(facts, document, versionId, standby, occasion);
  return { what: 'Ask for Revoke, by a message to the topic', acts: [{ do: 'notify', notice }] };
}

function cleanUp(
  facts: KeyFacts,
  document: KeyDocument | undefined,
  versionId: string,
  standby: StagedKey | undefined,
  occasion: Occasion,
): Step[] {
  const asked = { since: occasion.now, asked: true, told: 0 };
  const promoted = standby?.value.fingerprint ?? currentFingerprint(facts);
  const transitions = revocationLines(facts, document, versionId, standby, occasion);
  return [
    {
      what: 'Write it down: audit trail, and a note for the sweep that proves the end',
      acts: [
        { do: 'record', transitions },
        ...(promoted ? [{ do: 'unstage' as const, fingerprint: promoted }] : []),
        ...(standby ? [onRecord(versionId, standby)] : []),
        // By this note a second call knows that all is done: it comes last
        { do: 'remember', tag: note.awaiting(versionId), value: formatAwaiting(asked) },
      ],
    },
  ];
}

/** The sweep needn't record this promotion again. */
const onRecord = (leaked: string, { value }: StagedKey) => ({
  do: 'remember' as const,
  tag: note.promoted,
  value: tokenOf(leaked, value.fingerprint),
});

const currentFingerprint = (facts: KeyFacts) => documentOf(currentOf(facts))?.value.fingerprint;

/** All that can be done while the standby key isn't accepted: the readers still need the leaked one. */
export function markOnly(facts: KeyFacts, subject: Subject, occasion: Occasion): Step[] {
  if (subject.in === 'stage') return [];
  const { versionId, labels } = subject.version;
  if (labels.some((label) => parseCompromised(label) !== undefined)) return [];
  const lines = [lineOf(facts, 'compromised', versionId, documentOf(subject.version), occasion)];
  return [
    mark(versionId, labels, occasion),
    { what: 'Write it down', acts: [{ do: 'record', transitions: lines }] },
  ];
}
