import type { QuarantineReport } from '../../payloads.ts';
import { keyless } from '../keyless.ts';
import { digestOf } from '../secret-value.ts';

/** A reader who is denied every key of the environment until some time. */
export interface Quarantine extends QuarantineReport {
  /** Whether the event bus was told. */
  readonly isAnnounced: boolean;
}

/** What is denied, as policies see it. */
export type Denied = QuarantineReport['denied'];

/** A quarantine of the desired state. */
export interface Kept extends Quarantine {
  /** Number of the tag that has its words: its own for good, so that no other ever has to move. */
  readonly slot: number;
  /** When it was ended before its time. It is kept until then, so that no late event begins it anew. */
  readonly releasedAt?: string;
}

/** The quarantines as they are to be; the tags of the secrets follow. */
export interface Desired {
  /** Grows with every change. */
  readonly version: number;
  readonly quarantines: readonly Kept[];
}

/** As it is told; the rest is ours to know, and so is the session of a task of ECS. */
export function reportOf(kept: Kept): QuarantineReport {
  const { slot, isAnnounced, releasedAt, denied, ...report } = kept;
  const { session } = denied;
  return { ...report, denied: session ? { ...denied, session: keyless(session) } : denied };
}

/** The same target is the same quarantine. */
export const idOf = ({ session, principal, address }: Denied) =>
  digestOf(JSON.stringify([session, principal, address])).slice(0, 8);

export const isOver = ({ until }: QuarantineReport, now: Date) => new Date(until) <= now;

export const isInForce = (kept: Kept, now: Date) => !kept.releasedAt && !isOver(kept, now);
