import { tag } from '../contract.ts';
import type { ConsumerReport, KeyReport, StagedReport, VersionReport } from '../payloads.ts';
import type { Consumer } from './consumer.ts';
import { KeysError } from './errors.ts';
import type { KeyFacts, VersionFacts } from './key-facts.ts';
import { dueAt, incumbentIn, promotedAt, refusalOf } from './key-state.ts';
import { awaitingIn, lastCheckIn } from './lifecycle/notes.ts';
import type { StagedKey } from './ports.ts';
import { todoOf } from './todo.ts';
import { retainedUntilOf, stateOf } from './versions.ts';

/** What may be told of a key: fingerprints, names, labels and times. */
export function keyReport(facts: KeyFacts, now: Date): KeyReport {
  const { managed, secret } = facts;
  const staged = facts.staged instanceof KeysError ? [] : facts.staged;
  const { lastRotatedAt, nextRotationAt, lastChangedAt } = secret;
  const promoted = promotedAt(facts);
  const due = dueAt(facts);
  const check = lastCheckIn(secret.tags);
  const report = {
    key: managed.name,
    secretArn: secret.arn,
    kind: managed.kind,
    audience: managed.audience,
    owner: managed.owner,
    rotationEnabled: secret.rotationEnabled,
    rotateEveryDays: managed.rotateEveryDays,
    ...(promoted ? { promotedAt: promoted.toISOString() } : {}),
    ...(due ? { dueAt: due.toISOString() } : {}),
    ...(check ? { lastCheck: { at: check.at.toISOString(), verdict: check.word } } : {}),
    ...(lastRotatedAt ? { lastRotatedAt: lastRotatedAt.toISOString() } : {}),
    ...(nextRotationAt ? { nextRotationAt: nextRotationAt.toISOString() } : {}),
    ...(lastChangedAt ? { lastChangedAt: lastChangedAt.toISOString() } : {}),
    lockedDown: secret.tags.get(tag.lockdown) === 'on',
    versions: facts.versions.map((version) => versionReport(version, secret.tags)),
    staged: staged.map((key) => stagedReport(facts, key)),
    consumers: managed.consumers.map(consumerReport),
    ...(facts.staged instanceof KeysError ? { stagedUnreadable: facts.staged.message } : {}),
    held: incumbentIn(facts)?.held ?? [],
  };
  return { ...report, todo: todoOf(report, managed, now) };
}

function versionReport(
  { versionId, labels, reading }: VersionFacts,
  tags: ReadonlyMap<string, string>,
): VersionReport {
  const state = stateOf(labels);
  const awaiting = state === 'awaiting-revocation' ? awaitingIn(tags, versionId) : undefined;
  const { since, rejectedSince } = awaiting ?? {};
  const report = {
    versionId,
    labels,
    state,
    ...(since ? { awaitingSince: since.toISOString() } : {}),
    ...(rejectedSince ? { rejectedSince: rejectedSince.toISOString() } : {}),
  };
  const retainedUntil = retainedUntilOf(labels);
  const retained = retainedUntil ? { retainedUntil: retainedUntil.toISOString() } : {};
  if (reading instanceof KeysError) return { ...report, ...retained, content: 'unreadable' };
  const created = reading.createdAt ? { createdAt: reading.createdAt.toISOString() } : {};
  const known = { ...report, ...retained, ...created, content: reading.content };
  if (reading.content !== 'key') return known;
  const { value, name } = reading.document;
  return { ...known, fingerprint: value.fingerprint, ...(name ? { name } : {}) };
}

function stagedReport(facts: KeyFacts, key: StagedKey): StagedReport {
  const problem = refusalOf(facts, key);
  return {
    fingerprint: key.id,
    name: key.name ?? 'unnamed',
    ...(key.stagedAt ? { stagedAt: key.stagedAt.toISOString() } : {}),
    ...(problem ? { problem: { code: problem.code, message: problem.message } } : {}),
  };
}

const consumerReport = ({ principal, expires }: Consumer): ConsumerReport => ({
  principal,
  ...(expires ? { expires: expires.toISOString() } : {}),
});
