import { documentOf } from '../key-state.ts';
import type { Transition, TransitionAuthor, TransitionWord } from '../transition.ts';
import type { Sighting } from './sighting.ts';

interface Told {
  /** @default the sweep's */
  readonly at?: Date;
  /** @default 'lifecycle' */
  readonly by?: TransitionAuthor;
  readonly detail?: string;
}

/** A line of the audit trail about one version of this key. */
export function transitionOf(
  { facts, now }: Pick<Sighting, 'facts' | 'now'>,
  transition: TransitionWord,
  versionId: string,
  { at = now, by = 'lifecycle', detail }: Told = {},
): Transition {
  const document = documentOf(facts.versions.find((one) => one.versionId === versionId));
  return {
    at: at.toISOString(),
    environment: facts.managed.environment,
    key: facts.managed.name,
    transition,
    by,
    versionId,
    ...(document ? { fingerprint: document.value.fingerprint } : {}),
    ...(document?.name ? { name: document.name } : {}),
    ...(detail ? { detail } : {}),
  };
}
