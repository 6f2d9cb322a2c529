import { createHash } from 'node:crypto';
import { tag } from '../../../lambda/contract.ts';
import { isAwaitingRevocation, isCompromised, isRetained } from '../../../lambda/domain/labels.ts';
import { note } from '../../../lambda/domain/lifecycle/notes.ts';
import { fingerprintOf } from '../../../lambda/domain/secret-value.ts';
import type { Moment } from './moment.ts';
import { currentKey, holder, labelsOfKey, readableUntil, type Sight } from './sight.ts';
import type { Vendor } from './vendor.ts';

const DAY = 86_400_000;

/** What is owed to one key, as people outside would have written it down. */
export interface Key {
  readonly value: string;
  readonly fingerprint: string;
  /** Replaced and not leaked: readable by its own label until then. */
  owedUntil?: number | undefined;
  /** Replaced by hand: the sweep has to give it a retention while AWSPREVIOUS still shows it. */
  toBeAdopted?: boolean;
  /** Declared compromised. */
  leakedAt?: number;
  /** Hands at AWS undid what the functions had noted of the leak. */
  leakUndone?: boolean;
  /** When another key took its place last. */
  replacedAt?: number;
  /** It was seen as AWSCURRENT. */
  held?: boolean;
  /** Hands moved AWSCURRENT since: the current document may know another history, or none. */
  isHistoryLost?: boolean;
  /** Since when every sweep that Amplitude answered found it rejected. */
  rejectedSince?: number | undefined;
}

interface Incident {
  readonly key: Key;
  readonly at: number;
  /** Hands took the note of it off the secret. */
  isForgotten?: boolean;
}

export class Ledger {
  readonly vendor: Vendor;
  readonly keys = new Map<string, Key>();
  /** The current key that was declared compromised last. */
  incident: Incident | undefined;
  /** Declared and not lifted. */
  readonly locks = { key: false, environment: false };
  /** Hands took the lockdown's tag off. */
  lockTaken = false;

  constructor(vendor: Vendor) {
    this.vendor = vendor;
  }

  /** A person generates a key. */
  fresh(): Key {
    const digest = createHash('sha256').update(`key ${this.keys.size}`).digest('hex');
    return this.add(digest.slice(0, 32));
  }

  add(value: string): Key {
    const key = { value, fingerprint: fingerprintOf(value) };
    this.keys.set(value, key);
    return key;
  }

  find(value: string | undefined): Key | undefined {
    return value === undefined ? undefined : this.keys.get(value);
  }

  /** Asked before each sweep. */
  sample(now: number): void {
    if (!this.vendor.isUp) return;
    for (const key of this.keys.values()) {
      if (this.vendor.isInUse(key.value)) key.rejectedSince = undefined;
      else key.rejectedSince ??= now;
    }
  }

  /** Takes down what happened. */
  note(moment: Moment): void {
    this.#noteLeak(moment);
    this.#noteCurrent(moment);
    this.#noteHands(moment);
    this.#noteAdoption(moment);
    this.#noteLocks(moment);
  }

  #noteLeak({ act, before, after }: Moment): void {
    if (act.by !== 'emergency') return;
    for (const key of act.meant ? [act.meant] : this.keys.values()) {
      if (!isDeclared(key, { act, after })) continue;
      key.leakedAt ??= after.at;
      key.owedUntil = undefined;
      key.toBeAdopted = false;
      const isNew = marksOf(after, key) > marksOf(before, key);
      if ((act.meant || isNew) && currentKey(before) === key.value)
        this.incident = { key, at: after.at };
      // While nothing can be read, nobody sees that hands have put the same key twice
      if (isNew) key.leakUndone = !after.isCmkOn && versionsOf(after, key) > 1;
    }
  }

  #noteCurrent({ act, before, after }: Moment): void {
    const [from, to] = [holder(before, 'AWSCURRENT'), holder(after, 'AWSCURRENT')];
    const replaced = this.find(before.keyOf(from));
    const current = this.find(after.keyOf(to));
    if (current) current.held = true;
    if (from === to || !current) return;
    if (replaced) replaced.replacedAt = after.at;
    if (act.by === 'hand') for (const key of this.keys.values()) key.isHistoryLost = true;
    current.owedUntil = undefined;
    current.toBeAdopted = false;
    if (!replaced || replaced === current || replaced.leakedAt !== undefined) return;
    // One that hands made current and replaced again before a sweep goes on to its end
    if (act.by === 'hand')
      replaced.toBeAdopted = !labelsOfKey(after, replaced.value).some(isAwaitingRevocation);
    else if (act.request?.action !== 'rollback')
      replaced.owedUntil = after.at + retentionIn(before.tags);
  }

  /** What hands took away, nobody else lost. */
  #noteHands({ act, before, after }: Moment): void {
    if (act.by !== 'hand') return;
    if (this.incident && before.tags[note.leak] && !after.tags[note.leak])
      this.incident.isForgotten = true;
    for (const key of this.keys.values()) {
      const has = labelsOfKey(after, key.value);
      const isPrevious = has.includes('AWSPREVIOUS');
      const unmarked = marksOf(before, key) > marksOf(after, key);
      const isBack = currentKey(after) === key.value && !has.some(isCompromised);
      const isCopied = versionsOf(after, key) > versionsOf(before, key);
      if (key.leakedAt !== undefined && (unmarked || isBack || isCopied)) key.leakUndone = true;
      if (key.owedUntil !== undefined && readableUntil(after, key.value) < key.owedUntil) {
        const isCut = readableUntil(before, key.value) > readableUntil(after, key.value);
        if (isCut) key.owedUntil = undefined;
        if (isCut && isPrevious) key.toBeAdopted = true;
      }
      if (key.toBeAdopted && !isPrevious && !has.some(isRetained)) key.toBeAdopted = false;
    }
  }

  #noteAdoption({ before, after }: Moment): void {
    for (const key of this.keys.values()) {
      if (!key.toBeAdopted || !labelsOfKey(after, key.value).some(isRetained)) continue;
      key.toBeAdopted = false;
      // Hands moved AWSCURRENT to and fro with no sweep between: an earlier deadline tells nothing of it
      const had = readableUntil(before, key.value);
      key.owedUntil = had > 0 ? had : after.at + retentionIn(before.tags);
    }
  }

  #noteLocks(moment: Moment): void {
    const { act, before, after } = moment;
    const { request } = act;
    if (request?.action === 'lockdown' && act.isDone) this.locks[request.scope] = true;
    if (request?.action === 'unlock') this.#noteUnlock(request.scope, moment);
    if (after.tags[tag.lockdown] === 'on') this.lockTaken = false;
    if (act.by !== 'hand') return;
    if (after.isCmkOn) this.locks.environment = false;
    if (before.tags[tag.lockdown] === 'on' && after.tags[tag.lockdown] !== 'on')
      this.lockTaken = true;
    if (before.tags[note.lockdown] && !after.tags[note.lockdown]) this.locks.key = false;
  }

  /** One that failed half way is neither locked nor unlocked until it is repeated. */
  #noteUnlock(scope: 'key' | 'environment', { act, before, after }: Moment): void {
    const begun = act.report !== undefined;
    // With the environment its leaked keys are released too, once they are replaced
    const leaks = Object.values(before.labels).some((labels) => labels.some(isCompromised));
    if (scope === 'key' || leaks) this.locks.key = this.locks.key && !begun;
    if (scope === 'environment') this.locks.environment &&= !after.isCmkOn && !begun;
  }
}

/** Marked; of a staged key it may also be a note, if it could not be shelved. */
function isDeclared({ value, fingerprint }: Key, { act, after }: Pick<Moment, 'act' | 'after'>) {
  if (labelsOfKey(after, value).some(isCompromised)) return true;
  const isStaged =
    act.meant && act.request?.action === 'revoke' && act.request.version === 'staged';
  return isStaged && Object.values(after.tags).some((text) => text.includes(`=${fingerprint}`));
}

const marksOf = (sight: Sight, { value }: Key) =>
  labelsOfKey(sight, value).filter(isCompromised).length;

const versionsOf = ({ labels, keyOf }: Sight, { value }: Key) =>
  Object.keys(labels).filter((id) => keyOf(id) === value).length;

export const retentionIn = (tags: Readonly<Record<string, string>>) =>
  Number(tags[tag.retainPreviousDays]) * DAY;
