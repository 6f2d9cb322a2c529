import { type KeyReport, type StagedReport, tag, type VersionReport } from '../contract.ts';
import { refuseCandidate } from './candidate.ts';
import { KeysError } from './errors.ts';
import { type Incumbent, incumbentOf } from './incumbent.ts';
import type { KeyFacts, VersionFacts } from './key-facts.ts';
import type { ManagedKey } from './managed-key.ts';
import type { StagedKey } from './ports.ts';
import { todoOf } from './todo.ts';
import { retainedUntilOf, stateOf } from './versions.ts';

/** What may be told of a key: fingerprints, names, labels and times. */
export function keyReport(facts: KeyFacts, now: Date): KeyReport {
  const { managed, secret } = facts;
  const incumbent = incumbentIn(facts);
  const staged = facts.staged instanceof KeysError ? [] : facts.staged;
  const { lastRotatedAt, nextRotationAt, lastChangedAt } = secret;
  const report = {
    key: managed.name,
    secretArn: secret.arn,
    kind: managed.kind,
    audience: managed.audience,
    owner: managed.owner,
    rotationEnabled: secret.rotationEnabled,
    ...(lastRotatedAt ? { lastRotatedAt: lastRotatedAt.toISOString() } : {}),
    ...(nextRotationAt ? { nextRotationAt: nextRotationAt.toISOString() } : {}),
    ...(lastChangedAt ? { lastChangedAt: lastChangedAt.toISOString() } : {}),
    lockedDown: secret.tags.get(tag.lockdown) === 'on',
    versions: facts.versions.map(versionReport),
    staged: staged.map((key) => stagedReport(managed, key, incumbent)),
    ...(facts.staged instanceof KeysError ? { stagedUnreadable: facts.staged.message } : {}),
    held: incumbent?.held ?? [],
  };
  return { ...report, todo: todoOf(report, managed, now) };
}

function incumbentIn({ versions }: KeyFacts): Incumbent | undefined {
  const current = versions.find(({ labels }) => labels.includes('AWSCURRENT'));
  const previous = versions.find(({ labels }) => labels.includes('AWSPREVIOUS'))?.reading;
  if (!current || current.reading instanceof KeysError) return undefined;
  const pushedAside = previous instanceof KeysError ? undefined : previous;
  return incumbentOf(current.versionId, current.reading, pushedAside);
}

function versionReport({ versionId, labels, reading }: VersionFacts): VersionReport {
  const report = { versionId, labels, state: stateOf(labels) };
  const retainedUntil = retainedUntilOf(labels);
  const retained = retainedUntil ? { retainedUntil: retainedUntil.toISOString() } : {};
  if (reading instanceof KeysError) return { ...report, ...retained, content: 'unreadable' };
  const created = reading.createdAt ? { createdAt: reading.createdAt.toISOString() } : {};
  const known = { ...report, ...retained, ...created, content: reading.content };
  if (reading.content !== 'key') return known;
  const { value, name } = reading.document;
  return { ...known, fingerprint: value.fingerprint, ...(name ? { name } : {}) };
}

function stagedReport(managed: ManagedKey, key: StagedKey, incumbent?: Incumbent): StagedReport {
  const problem = incumbent ? refusalOf(managed, key, incumbent) : undefined;
  return {
    fingerprint: key.id,
    name: key.name,
    ...(key.stagedAt ? { stagedAt: key.stagedAt.toISOString() } : {}),
    ...(problem ? { problem: { code: problem.code, message: problem.message } } : {}),
  };
}

function refusalOf(managed: ManagedKey, key: StagedKey, incumbent: Incumbent) {
  try {
    refuseCandidate(managed, key, incumbent);
    return undefined;
  } catch (error) {
    if (error instanceof KeysError) return error;
    throw error;
  }
}
