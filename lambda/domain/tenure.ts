import type { Tenure, Wanted } from './activity.ts';
import { KeysError } from './errors.ts';
import type { KeyFacts, VersionFacts } from './key-facts.ts';
import { currentOf, DAY, documentOf } from './key-state.ts';
import { parseCompromised } from './labels.ts';
import { awaitingIn } from './lifecycle/notes.ts';
import { retainedUntilOf } from './versions.ts';

/** Labels that move from version to version. */
const MOVING = ['AWSCURRENT', 'AWSPREVIOUS'];

/**
 * Most readers name no version: they read what is current. So it takes the times during which a
 * version was current to know whose key they got, after it was replaced most of all.
 */
export function wantedVersion(facts: KeyFacts, version: VersionFacts): Wanted & { of: 'version' } {
  const tenures = tenuresOf(facts, version);
  const labels = version.labels.filter((label) => !MOVING.includes(label));
  return { of: 'version', versionId: version.versionId, labels, tenures };
}

function tenuresOf(facts: KeyFacts, version: VersionFacts): Tenure[] {
  const created = createdOf(version);
  const since = created ? { from: wholeSecond(created) } : {};
  if (version.labels.includes('AWSCURRENT')) return [{ label: 'AWSCURRENT', ...since }];
  if (version.labels.includes('AWSPENDING')) return [];
  const replaced = replacedAt(facts, version);
  if (!replaced) return [];
  const from = wholeSecond(replaced);
  const successor = successorOf(facts, version);
  const next = successor && replacedAt(facts, successor);
  return [
    { label: 'AWSCURRENT', ...since, to: from },
    { label: 'AWSPREVIOUS', from, ...(next ? { to: wholeSecond(next) } : {}) },
  ];
}

/** When another key took a version's place, as well as its traces tell; undefined while it is current. */
function replacedAt(facts: KeyFacts, version: VersionFacts): Date | undefined {
  const { labels, versionId } = version;
  if (labels.includes('AWSCURRENT')) return undefined;
  const retainedUntil = retainedUntilOf(labels);
  return (
    createdOf(successorOf(facts, version)) ??
    (retainedUntil && before(retainedUntil, facts.managed.retainPreviousDays)) ??
    labels.map(parseCompromised).find((time) => time !== undefined) ??
    awaitingIn(facts.secret.tags, versionId)?.since
  );
}

/** The version that replaced this one, of those that led to the current one. */
function successorOf(facts: KeyFacts, { versionId }: VersionFacts): VersionFacts | undefined {
  const seen: VersionFacts[] = [];
  let next = currentOf(facts);
  while (next && !seen.includes(next)) {
    const replaced: string | undefined = documentOf(next)?.replaces?.versionId;
    if (replaced === versionId) return next;
    seen.push(next);
    next = facts.versions.find((one) => one.versionId === replaced);
  }
  return undefined;
}

function createdOf(version: VersionFacts | undefined): Date | undefined {
  const reading = version?.reading;
  return reading instanceof KeysError ? undefined : reading?.createdAt;
}

const before = (date: Date, days: number) => new Date(date.getTime() - days * DAY);

/** As CloudTrail tells times. */
const wholeSecond = (date: Date) => new Date(Math.floor(date.getTime() / 1000) * 1000);
