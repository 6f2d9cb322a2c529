import type { DataResidency } from '../../contract.ts';
import type { CmkReport } from '../../payloads.ts';
import { KeysError } from '../errors.ts';
import type { Standings } from '../hand-over/standing.ts';
import type { KeyFacts } from '../key-facts.ts';
import { refusalOf } from '../key-state.ts';
import type { RecentReads, StagedKey, Subscription } from '../ports.ts';
import type { Fingerprint } from '../secret-value.ts';
import type { Verdict } from '../verdict.ts';
import type { RecentReaders } from './monthly-readers.ts';
import { markIn, note } from './notes.ts';

/** Where at Amplitude a person finds the keys. */
export interface Project {
  readonly organization: string;
  readonly projectId: string;
  readonly dataResidency: DataResidency;
}

/** All that a sweep knows of one key when it decides. */
export interface Sighting {
  readonly facts: KeyFacts;
  /** What Amplitude said this time, by fingerprint; whoever was not asked about is absent. */
  readonly verdicts: ReadonlyMap<Fingerprint, Verdict>;
  /** Reads of the account's secrets by others in the last day; absent when nobody needed to know. */
  readonly reads?: RecentReads;
  /** Who read the keys in the last 90 days; absent when it wasn't time to ask. */
  readonly readers?: RecentReaders;
  /** How far its ECS services are with the current key; empty while no key is current. */
  readonly standings: Standings;
  readonly surroundings: Surroundings;
  readonly project: Project;
  readonly now: Date;
}

/** What all keys of an environment depend on. */
export interface Surroundings {
  /** The CMK, or why KMS couldn't be asked. */
  readonly cmk: CmkReport | KeysError;
  /** Who is told, or why that couldn't be found out. */
  readonly subscriptions: readonly Subscription[] | KeysError;
  /** Addresses that the configuration names. */
  readonly addresses: number;
  /** Why the quarantines couldn't be looked after; absent when they could, or there are none. */
  readonly quarantines?: KeysError;
}

/** Whether an earlier sweep found that Amplitude rejects this staged key. */
export const wasRejected = ({ facts }: Pick<Sighting, 'facts'>, { value }: StagedKey) =>
  markIn(facts.secret.tags, note.finding('staged-key-refused'))?.id === value.fingerprint;

/** The one staged key, if a rotation would take it and Amplitude doesn't reject it. */
export function standbyOf(sighting: Sighting): StagedKey | undefined {
  const { facts, verdicts } = sighting;
  if (facts.staged instanceof KeysError) return undefined;
  const [only, ...others] = facts.staged;
  if (!only || others.length > 0 || refusalOf(facts, only)) return undefined;
  const word = verdicts.get(only.value.fingerprint)?.word;
  if (word === 'accepted') return only;
  return word === 'rejected' || wasRejected(sighting, only) ? undefined : only;
}
