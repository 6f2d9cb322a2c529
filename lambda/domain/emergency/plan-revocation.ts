import { nextDocument } from '../candidate.ts';
import { KeysError } from '../errors.ts';
import type { KeyDocument } from '../key-document.ts';
import type { KeyFacts } from '../key-facts.ts';
import { currentOf, documentOf, incumbentIn } from '../key-state.ts';
import { awaitingRevocationLabel, compromisedLabel, isCompromised } from '../labels.ts';
import { moves } from '../lifecycle/action.ts';
import { note } from '../lifecycle/notes.ts';
import { called } from '../lifecycle/notices.ts';
import { unrecordedPromotions } from '../lifecycle/record.ts';
import type { StagedKey } from '../ports.ts';
import { planPromotion, pushedOffBy } from '../promotion.ts';
import { labelsOf, type SecretDescription } from '../versions.ts';
import { copiesOf, isOutOfReach, takeCopyFromReaders } from './copies.ts';
import { handOverRevoked } from './hand-over.ts';
import { revocationLines } from './lines.ts';
import { leakNote } from './mark.ts';
import { revocationNotice } from './notice.ts';
import type { Occasion } from './occasion.ts';
import { awaitingNote, takeFromReaders } from './out-of-reach.ts';
import { requireRoom } from './room.ts';
import type { Step } from './step.ts';
import { leakedDocument, leakedVersionId, type Subject, tokenOf } from './subject.ts';

/**
 * Replace it if consumers read it, take it from its readers, ask for Revoke; only then what can
 * wait: copies of it, restarts, clean-up. It is marked before, so that no rotation gives it a
 * retention.
 * @throws KeysError of the promotion: CURRENT_CHANGED, LABEL_LIMIT
 */
export function planRevocation(
  facts: KeyFacts,
  subject: Subject,
  standby: StagedKey | undefined,
  occasion: Occasion,
): Step[] {
  const document = leakedDocument(facts, subject);
  const versionId = leakedVersionId(subject);
  const asked = ask(facts, document, versionId, standby, occasion);
  const end = [
    ...cleanUp(facts, document, versionId, standby, occasion),
    ...handOverRevoked(facts, subject, standby, occasion.now),
    noteDone(document, versionId, occasion),
  ];
  if (subject.in === 'stage')
    return [...shelve(facts, subject.staged, document, occasion), asked, ...end];
  const copies = copiesOf(facts, subject).filter((copy) => !isOutOfReach(facts, copy));
  const leaked = [versionId, ...copies.map((copy) => copy.versionId)];
  return [
    ...(standby ? replace(facts, leaked, standby, occasion) : settleCurrent(facts)),
    {
      what: "Take the leaked key out of its readers' reach",
      acts: takeFromReaders(versionId, subject.version.labels, standby !== undefined),
    },
    asked,
    ...copies.map((copy) => takeCopyFromReaders(facts, copy, document, occasion)),
    ...end,
  ];
}

/** Into the vault, where the sweep can ask Amplitude about it until it is revoked. */
function shelve(
  facts: KeyFacts,
  { value }: StagedKey,
  document: KeyDocument | undefined,
  { now }: Occasion,
): Step[] {
  if (!document) return [];
  requireRoom(facts, 2);
  const token = tokenOf(value.fingerprint);
  const labels = [compromisedLabel(now, token), awaitingRevocationLabel(token)];
  return [
    {
      what: `Keep the staged key ${value.fingerprint} as compromised, and unstage it`,
      acts: [
        // From now on no rotation takes the key, whatever fails next
        { do: 'remember', tag: note.awaiting(token), value: awaitingNote(document, now) },
        { do: 'put', token, document, labels },
        { do: 'unstage', fingerprint: value.fingerprint },
      ],
    },
  ];
}

function replace(
  facts: KeyFacts,
  leaked: readonly string[],
  standby: StagedKey,
  { now }: Occasion,
): Step[] {
  const incumbent = incumbentIn(facts);
  if (!incumbent) return [];
  const { managed, secret } = facts;
  const document = nextDocument(managed, standby, incumbent);
  const [current = ''] = leaked;
  const token = tokenOf(current, standby.value.fingerprint);
  const foreseen = asIfPending(secret, leaked, token, now);
  const pushedOff = keyPushedOff(facts, foreseen, token);
  const promotion = planPromotion(managed, foreseen, token, document, now, pushedOff);
  return [
    {
      what: `Promote the standby key ${called(standby)}`,
      acts: [{ do: 'put', token, document, labels: ['AWSPENDING'] }, ...moves(promotion.moves)],
    },
  ];
}

function keyPushedOff({ versions }: KeyFacts, foreseen: SecretDescription, token: string) {
  const previous = pushedOffBy(foreseen, token);
  const reading = versions.find(({ versionId }) => versionId === previous)?.reading;
  const isPlaceholder = reading && 'content' in reading && reading.content === 'placeholder';
  return isPlaceholder ? undefined : previous;
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
  leaked: readonly string[],
  token: string,
  now: Date,
): SecretDescription {
  const versions = new Map(
    [...secret.versions].map(([id, labels]) => [
      id,
      labels.filter((label) => label !== 'AWSPENDING'),
    ]),
  );
  for (const id of leaked) {
    const unmarked = labelsOf(secret, id).filter((label) => !isCompromised(label));
    versions.set(id, [...unmarked, compromisedLabel(now, id)]);
  }
  versions.set(token, ['AWSPENDING']);
  return { ...secret, versions };
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
  const { now } = occasion;
  const done = standby?.value.fingerprint ?? currentFingerprint(facts);
  const staged = document && isStaged(facts, document) ? document.value.fingerprint : undefined;
  const unstaged = [...new Set([done, staged])].filter((one) => one !== undefined);
  const transitions = [
    ...(standby ? unrecordedPromotions({ facts, now }) : []),
    ...revocationLines(facts, document, versionId, standby, occasion),
  ];
  return [
    {
      what: 'Write it down in the audit trail',
      acts: [
        { do: 'record', transitions },
        ...unstaged.map((fingerprint) => ({ do: 'unstage' as const, fingerprint })),
        ...(standby ? [onRecord(versionId, standby), leakNote(versionId, now)] : []),
      ],
    },
  ];
}

/** By this note a second call knows that all is done: it comes last. */
function noteDone(document: KeyDocument | undefined, versionId: string, { now }: Occasion): Step {
  const value = awaitingNote(document, now, true);
  return {
    what: 'Leave a note for the sweep that proves the end',
    acts: [{ do: 'remember', tag: note.awaiting(versionId), value }],
  };
}

/** The sweep needn't record this promotion again. */
const onRecord = (leaked: string, { value }: StagedKey) => ({
  do: 'remember' as const,
  tag: note.promoted,
  value: tokenOf(leaked, value.fingerprint),
});

const currentFingerprint = (facts: KeyFacts) => documentOf(currentOf(facts))?.value.fingerprint;

const isStaged = ({ staged }: KeyFacts, { value }: KeyDocument) =>
  !(staged instanceof KeysError) &&
  staged.some((one) => one.value.fingerprint === value.fingerprint);
