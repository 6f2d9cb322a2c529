import type { EcsService } from '../consumer.ts';
import type { KeyRotated, LabelMove } from '../ports.ts';
import type { Transition } from '../transition.ts';

/** One thing a sweep does to one key. Each is safe to repeat, alone and together with those before it. */
export type Action =
  | { readonly do: 'move'; readonly move: LabelMove }
  /** Keeps a small fact as a tag of the secret. */
  | { readonly do: 'remember'; readonly tag: string; readonly value: string }
  | { readonly do: 'forget'; readonly tag: string }
  /** Starts Secrets Manager's own rotation, unless another version is current by then. */
  | { readonly do: 'rotate'; readonly current: string }
  /** Has the emergency function put a lost lockdown back: nobody else may touch its tag. */
  | { readonly do: 'lock'; readonly key: string }
  /**
   * A new deployment of a service that reads the key when it starts, unless another version is
   * current by then, or reads are locked down.
   */
  | { readonly do: 'restart'; readonly service: EcsService; readonly current: string }
  /** Sends the event that could not be sent before. */
  | { readonly do: 'announce'; readonly event: KeyRotated };

/** What several keys have in common is told in one message. */
export type NoticeKind =
  | 'revoke'
  | 'still-accepted'
  | 'retired'
  | 'stage'
  | 'healed'
  | 'adopted'
  | 'finding'
  | 'readers';

export interface KeyNotice {
  readonly kind: NoticeKind;
  readonly subject: string;
  /** What happened, one line. */
  readonly happened: string;
  /** What a person has to do, one line; absent when nothing. */
  readonly todo?: string;
  readonly details?: readonly string[];
  /** It is about the environment, and found at each of its keys. @default false */
  readonly ofAll?: boolean;
}

/**
 * Carried out in this order, so that a crash in between repeats a message or a line and loses none,
 * and an action that fails every hour doesn't repeat the messages with it.
 */
export interface SweepPlan {
  readonly notices: readonly KeyNotice[];
  /** Notes of what was said. */
  readonly told: readonly Action[];
  readonly transitions: readonly Transition[];
  readonly actions: readonly Action[];
}

export function plan(parts: Partial<SweepPlan> = {}): SweepPlan {
  return { notices: [], told: [], transitions: [], actions: [], ...parts };
}

export const together = (plans: readonly SweepPlan[]): SweepPlan => ({
  notices: plans.flatMap(({ notices }) => notices),
  told: plans.flatMap(({ told }) => told),
  transitions: plans.flatMap(({ transitions }) => transitions),
  actions: plans.flatMap(({ actions }) => actions),
});

export const moves = (list: readonly LabelMove[]): Extract<Action, { do: 'move' }>[] =>
  list.map((move) => ({ do: 'move', move }));
