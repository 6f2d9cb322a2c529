import type { Context } from '../../keyctl/context.ts';
import { found, type Problem } from '../problem.ts';
import type { Session } from '../session.ts';
import { type Failures, failuresIn } from './failures.ts';
import { type HeldFor, heldFor } from './held.ts';
import { type EventSourceMapping, isStopped, mappingOf } from './mapping.ts';
import { isUnderWay, latestMove, type Move } from './move.ts';
import { nextSteps } from './next-steps.ts';
import { type Counts, type Queue, relayOf, relayQueues, totalOf } from './queues.ts';
import { relayUrl } from './url.ts';

/** Where a relay stands, as far as it could be found out. */
export interface RelayStatus {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly at: string;
  /** Name of the key that it sends with. */
  readonly key: string;
  readonly url?: string;
  readonly eventSourceMapping?: EventSourceMapping;
  /** Where it is held back. */
  readonly heldFor?: HeldFor;
  readonly waiting: Counts;
  readonly failed: Counts;
  /** Where there are failed events, and none is moving. */
  readonly failures?: Failures;
  /** Failed events that are being moved back. */
  readonly move?: Move;
  readonly unreadable: readonly Unreadable[];
  readonly todo: readonly string[];
}

export interface Unreadable extends Problem {
  readonly part: 'url' | 'eventSourceMapping' | 'held' | 'move' | 'failures';
}

/** @throws Refusal RELAY_NOT_CONFIGURED, NOT_DEPLOYED, or why its queues can't be counted */
export async function relayStatus(context: Context, session: Session): Promise<RelayStatus> {
  const { config, environment, account, region } = session;
  const { key } = relayOf(config);
  const { queue, failed } = await relayQueues(session);
  const unreadable: Unreadable[] = [];
  const part = async <Thing>(name: Unreadable['part'], work: Promise<Thing>) => {
    const answer = await found(work);
    if ('thing' in answer) return answer.thing;
    unreadable.push({ part: name, ...answer.problem });
    return undefined;
  };
  const [url, mapping, latest] = await Promise.all([
    part('url', relayUrl(session)),
    part('eventSourceMapping', mappingOf(session, queue)),
    part('move', latestMove(session, failed)),
  ]);
  const move = latest && isUnderWay(latest) ? latest : undefined;
  // A look would hide from a move what it sees.
  const isLookedAt = !move && totalOf(failed) > 0;
  const failures = isLookedAt ? await part('failures', failuresIn(session, failed)) : undefined;
  const why = mapping && isStopped(mapping) ? await part('held', heldFor(session, key)) : undefined;
  const known = {
    environment,
    key,
    ...(mapping ? { eventSourceMapping: mapping } : {}),
    ...(why ? { heldFor: why } : {}),
    waiting: countsOf(queue),
    failed: countsOf(failed),
    ...(failures ? { failures } : {}),
    ...(move ? { move } : {}),
  };
  const at = context.clock.now().toISOString();
  const place = { account, region, at, ...(url === undefined ? {} : { url }) };
  return { ...place, ...known, unreadable, todo: nextSteps(known) };
}

const countsOf = ({ visible, inFlight, delayed }: Queue): Counts => ({
  visible,
  inFlight,
  delayed,
});
