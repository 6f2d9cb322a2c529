import { secretName } from '../../contract.ts';
import type { EmergencyReport } from '../../payloads.ts';
import { askVendor, requireAccepted } from '../acceptance.ts';
import { KeysError } from '../errors.ts';
import type { Promotion } from '../hand-over/hand-over.ts';
import type { KeyDocument } from '../key-document.ts';
import { type KeyFacts, keyFacts, type VersionFacts } from '../key-facts.ts';
import { currentOf, DAY, documentOf } from '../key-state.ts';
import { awaitingRevocationLabel, isAwaitingRevocation, isRetained } from '../labels.ts';
import { moves } from '../lifecycle/action.ts';
import { awaitingIn, formatAwaiting, note, rollbackIn } from '../lifecycle/notes.ts';
import { called, pressRevoke } from '../lifecycle/notices.ts';
import { unrecordedPromotions } from '../lifecycle/record.ts';
import type { Notice } from '../ports.ts';
import { ensureRetention } from '../promotion.ts';
import { truthOf } from '../truth.ts';
import { stateOf, versionWith } from '../versions.ts';
import { handOverStep, restartsLeft } from './hand-over.ts';
import { lineOf } from './lines.ts';
import type { Occasion } from './occasion.ts';
import type { RevokePorts, RevokeRequest } from './revoke.ts';
import { carryOut, planned, type Step } from './step.ts';
import { identityOf } from './subject.ts';

type Report = Omit<EmergencyReport, 'tookMs' | 'at' | 'environment' | 'reason' | 'dryRun'>;

const KEPT: readonly string[] = ['retained', 'previous'];

interface Exchange {
  readonly wrong: VersionFacts;
  readonly right: VersionFacts;
  readonly document: KeyDocument;
}

/**
 * Promotes a retained key again: the current one verified and is still the wrong one, another
 * project's say.
 * @throws KeysError NOT_ROLLED_BACK, KEY_REJECTED, KEY_IN_OTHER_REGION, VERDICT_UNKNOWN
 */
export async function rollback(
  ports: RevokePorts,
  request: RevokeRequest,
  occasion: Occasion,
): Promise<Report> {
  const facts = await keyFacts(ports, secretName(ports.environment, request.key));
  const exchange = exchangeIn(facts, request.version ?? 'previous', occasion.now);
  const { wrong, right, document } = exchange;
  const verdict = await askVendor(ports, facts.managed, document.value);
  requireAccepted(facts.managed, document.value, verdict);
  const steps = planRollback(facts, exchange, occasion);
  const target = { arn: facts.secret.arn, environment: ports.environment, key: request.key };
  const plan = request.dryRun ? planned(steps) : await carryOut(ports, target, steps);
  const wrongDocument = documentOf(wrong);
  return {
    truth: truthOf(occasion.project, wrongDocument, undefined),
    action: 'rollback',
    key: request.key,
    leaked: identityOf(wrongDocument, wrong.versionId),
    next: identityOf(document, right.versionId),
    plan,
    left: [
      restartsLeft(facts, occasion.now),
      ...(wrongDocument
        ? [`If the wrong key should not live on: ${pressRevoke(occasion.project, wrongDocument)}`]
        : []),
    ],
  };
}

/** The current version and one that is retained, or by its id one that awaits its revocation. */
function exchangeIn(facts: KeyFacts, choice: string, now: Date): Exchange {
  const unfinished = unfinishedIn(facts, now);
  const meant = choice === 'previous' || choice === unfinished?.right.versionId;
  if (unfinished && meant) return unfinished;
  const wrong = currentOf(facts);
  const right = facts.versions.find(({ versionId, labels }) =>
    choice === 'previous'
      ? labels.includes('AWSPREVIOUS') && KEPT.includes(stateOf(labels))
      : versionId === choice && [...KEPT, 'awaiting-revocation'].includes(stateOf(labels)),
  );
  const document = documentOf(right);
  if (wrong && right && document) return { wrong, right, document };
  const { environment, name } = facts.managed;
  const kept = facts.versions.filter(({ labels }) => stateOf(labels) === 'retained');
  const ids = kept.map(({ versionId }) => versionId).join(', ') || 'none';
  throw new KeysError(
    'NOT_ROLLED_BACK',
    `Key ${environment}/${name} has no retained key as "${choice}" that could be promoted again; nothing was changed. Retained versions: ${ids}. See npx keyctl status --env ${environment} --key ${name}`,
    { environment, key: name },
  );
}

/** An earlier try died after the move. */
function unfinishedIn(facts: KeyFacts, now: Date): Exchange | undefined {
  const began = rollbackIn(facts.secret.tags, now);
  const right = currentOf(facts);
  const wrong = facts.versions.find(({ versionId }) => versionId === began?.wrong);
  const document = documentOf(right);
  const ours = began !== undefined && right?.versionId === began.right;
  return ours && wrong && document ? { wrong, right, document } : undefined;
}

/** The move takes AWSPREVIOUS to the wrong key, which nobody is to read. */
function planRollback(facts: KeyFacts, exchange: Exchange, occasion: Occasion): Step[] {
  const { wrong, right, document } = exchange;
  const from = wrong.versionId;
  const awaiting = { label: awaitingRevocationLabel(from), to: from };
  const marked = wrong.labels.some(isAwaitingRevocation) ? [] : [awaiting];
  const outdated = right.labels.filter((label) => isRetained(label) || isAwaitingRevocation(label));
  const until = new Date(occasion.now.getTime() + facts.managed.retainPreviousDays * DAY);
  const pushedOff = versionWith(facts.secret, 'AWSPREVIOUS');
  const kept =
    pushedOff && pushedOff !== right.versionId && pushedOff !== from
      ? ensureRetention(facts.secret, pushedOff, until)
      : [];
  const began = `${from} ${right.versionId} ${occasion.now.toISOString()}`;
  const fingerprint = documentOf(wrong)?.value.fingerprint;
  const asked = formatAwaiting({
    since: occasion.now,
    asked: true,
    told: 0,
    revoked: awaitingIn(facts.secret.tags, from)?.revoked === true,
    ...(fingerprint ? { fingerprint } : {}),
  });
  const isCurrent = wrong.labels.includes('AWSCURRENT');
  const transitions = [
    ...(isCurrent ? unrecordedPromotions({ facts, now: occasion.now }) : []),
    lineOf(facts, 'rolled-back', right.versionId, document, occasion),
  ];
  return [
    {
      what: `Make key ${document.value.fingerprint} current again`,
      acts: [
        { do: 'remember', tag: note.rollback, value: began },
        ...moves([
          ...kept,
          ...(isCurrent ? [{ label: 'AWSCURRENT', to: right.versionId, from }] : []),
        ]),
      ],
    },
    {
      what: "Take the wrong key out of its readers' reach",
      acts: [
        { do: 'forget', tag: note.awaiting(right.versionId) },
        ...moves([
          ...marked,
          { label: 'AWSPREVIOUS', from },
          ...outdated.map((label) => ({ label, from: right.versionId })),
        ]),
      ],
    },
    {
      what: 'Tell the topic, and write it down',
      acts: [
        { do: 'record', transitions },
        { do: 'remember', tag: note.promoted, value: right.versionId },
        { do: 'notify', notice: noticeOf(facts, exchange, occasion) },
        { do: 'remember', tag: note.awaiting(from), value: asked },
      ],
    },
    handOverStep(facts, promotionOf(exchange), occasion.now),
    {
      what: 'Take off the note of a rollback under way',
      // By it a second call knows what is left to do: it goes last
      acts: [{ do: 'forget', tag: note.rollback }],
    },
  ];
}

const promotionOf = ({ wrong, right, document }: Exchange): Promotion => ({
  versionId: right.versionId,
  fingerprint: document.value.fingerprint,
  by: 'rollback',
  moved: wrong.labels.includes('AWSCURRENT'),
});

function noticeOf(
  facts: KeyFacts,
  { wrong, document }: Exchange,
  { now, reason, caller }: Occasion,
): Notice {
  const { managed } = facts;
  const key = `${managed.environment}/${managed.name}`;
  const wrongDocument = documentOf(wrong);
  const instead = wrongDocument ? ` in place of ${called(wrongDocument)}` : '';
  return {
    subject: `Amplitude key ${key} rolled back`,
    parts: [
      {
        happened: [
          `Key ${called(document)} is current again for ${key}${instead}: ${reason} (claimed by ${caller}).`,
        ],
        todo: restartsLeft(facts, now),
      },
    ],
  };
}
