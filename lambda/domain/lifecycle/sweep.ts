import type { UnreadableKey } from '../../payloads.ts';
import { failureOf, type KeysError } from '../errors.ts';
import { type StandingPorts, standingsOf } from '../hand-over/asking.ts';
import { restartingOnce } from '../hand-over/restarting-once.ts';
import { isLocked, serviceName } from '../hand-over/services.ts';
import type { KeyFacts } from '../key-facts.ts';
import { DAY, faultOf } from '../key-state.ts';
import { type LookPorts, look } from '../look.ts';
import type {
  Announcer,
  Clock,
  Emergency,
  Journal,
  KeyRotated,
  Notifier,
  ReadHistory,
  ReadLog,
  Secrets,
  Trail,
} from '../ports.ts';
import { type MendPorts, mendQuarantines } from '../quarantine/mend.ts';
import { versionWith } from '../versions.ts';
import type { Action, SweepPlan } from './action.ts';
import { type AskingPorts, askAll } from './asking.ts';
import { digest } from './digest.ts';
import { type Measures, measure } from './measure.ts';
import { isTimeToAsk, type RecentReaders } from './monthly-readers.ts';
import { note } from './notes.ts';
import { planSweep } from './plan-sweep.ts';
import { isToBeAsked } from './retention.ts';
import type { Project, Sighting } from './sighting.ts';
import { lookAround, type SurroundingsPorts } from './surroundings.ts';

export interface SweepPorts
  extends LookPorts,
    AskingPorts,
    StandingPorts,
    SurroundingsPorts,
    MendPorts {
  readonly secrets: Secrets;
  readonly notifier: Notifier;
  readonly readLog: ReadLog;
  readonly readHistory: ReadHistory;
  /** Days without a read after which a grant counts as unused. */
  readonly reclaimAfterDays: number;
  readonly trail: Trail;
  readonly emergency: Emergency;
  readonly announcer: Announcer;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly project: Project;
}

/** One key: what was planned, and why it wasn't carried out, if so. */
export interface SweptKey {
  readonly key: string;
  readonly plan: SweepPlan;
  readonly measures: Measures;
  /** Its current or staged key couldn't be read, so it was left as it is. */
  readonly isUnreadable: boolean;
  readonly error?: KeysError;
}

export interface Swept {
  readonly keys: readonly SweptKey[];
  /** Keys that couldn't even be looked at. */
  readonly lost: readonly UnreadableKey[];
  /** Keys whose quarantine tags weren't as they are to be. */
  readonly retagged: readonly string[];
}

const RELOCK = 'the lockdown had lost its tag';

interface Planned {
  readonly facts: KeyFacts;
  readonly plan: SweepPlan;
  readonly measures: Measures;
}

/**
 * Moves every key of the environment along. One that fails doesn't stop the others, and the next
 * sweep takes up whatever was left.
 */
export async function sweep(ports: SweepPorts, { dryRun }: { dryRun: boolean }): Promise<Swept> {
  const looked = await look(ports);
  const { keys, lost } = looked;
  // Before Amplitude is asked, which may take minutes, and by no key's plan, which others may end
  const mended = await mendQuarantines(ports, looked, { dryRun });
  const planned = await planAll(ports, keys, mended.failure);
  const unsent = dryRun ? new Map() : await tell(ports, planned);
  const acting = { ...ports, services: restartingOnce(ports.services) };
  const swept: SweptKey[] = [];
  // One after the other: Secrets Manager takes 50 changes a second
  for (const { facts, plan, measures } of planned) {
    const key = facts.managed.name;
    const failed = unsent.get(key) ?? (dryRun ? undefined : await carryOut(acting, facts, plan));
    const error = failed ?? mended.failures.get(key);
    const isUnreadable = faultOf(facts) !== undefined;
    swept.push({ key, plan, measures, isUnreadable, ...(error ? { error } : {}) });
  }
  return { keys: swept, lost, retagged: mended.differing };
}

async function planAll(
  ports: SweepPorts,
  keys: readonly KeyFacts[],
  quarantines: KeysError | undefined,
): Promise<Planned[]> {
  const surroundings = await lookAround(ports, quarantines);
  const standings = await standingsOf(ports, keys, ports.clock.now());
  const verdicts = await askAll(ports, keys, standings);
  const now = ports.clock.now();
  const standingsIn = (facts: KeyFacts) => standings.get(facts) ?? new Map();
  const wanted = keys.some((facts) => isToBeAsked({ facts, now, standings: standingsIn(facts) }));
  const reads = wanted ? await ports.readLog.since(new Date(now.getTime() - DAY)) : undefined;
  const readers = isTimeToAsk(keys, now) ? await askReaders(ports, now) : undefined;
  return keys.map((facts) => {
    const { project } = ports;
    const sighting: Sighting = {
      facts,
      verdicts: verdicts.get(facts) ?? new Map(),
      standings: standingsIn(facts),
      surroundings,
      project,
      now,
      ...(reads ? { reads } : {}),
      ...(readers ? { readers } : {}),
    };
    return { facts, plan: planSweep(sighting), measures: measure(sighting) };
  });
}

async function askReaders(ports: SweepPorts, now: Date): Promise<RecentReaders> {
  const { readHistory, environment, reclaimAfterDays: unusedAfterDays } = ports;
  return { history: await readHistory.of({ environment, now }), unusedAfterDays };
}

/** Answers the keys whose messages could not be sent: they are left as they are, to be told again. */
async function tell(ports: SweepPorts, planned: readonly Planned[]) {
  const notices = planned.flatMap(({ facts, plan }) =>
    plan.notices.map((notice) => ({ key: facts.managed.name, notice })),
  );
  const unsent = new Map<string, KeysError>();
  for (const { notice, keys } of digest(ports.environment, notices)) {
    const error = await failureOf(ports.notifier.notify(notice));
    if (error) for (const key of keys) unsent.set(key, error);
  }
  return unsent;
}

/** The trail before the labels: without its last label a version is gone from sight. */
async function carryOut(ports: SweepPorts, facts: KeyFacts, plan: SweepPlan) {
  return failureOf(
    (async () => {
      for (const note of plan.told) await act(ports, facts, note);
      await ports.trail.record(plan.transitions);
      for (const action of plan.actions) await act(ports, facts, action);
    })(),
  );
}

async function act(
  ports: SweepPorts,
  { managed: { name: key }, secret: { arn } }: KeyFacts,
  action: Action,
): Promise<void> {
  const { secrets, emergency } = ports;
  if (action.do === 'lock') return emergency.lock(action.key, RELOCK);
  if (action.do === 'move') return secrets.moveLabel(arn, action.move);
  if (action.do === 'remember') return secrets.remember(arn, action.tag, action.value);
  if (action.do === 'forget') return secrets.forget(arn, action.tag);
  if (action.do === 'restart') return handingOver(ports, restart(ports, arn, key, action));
  if (action.do === 'announce') return handingOver(ports, announce(ports, arn, action.event));
  // The service's own rotation may have ended since the plan was made
  const now = await secrets.describe(arn);
  if (versionWith(now, 'AWSCURRENT') === action.current) return secrets.startRotation(arn);
}

/** The plan is minutes old: by now, what starts might not be able to read the key, or have it already. */
async function restart(
  { secrets, services, journal }: SweepPorts,
  arn: string,
  key: string,
  { service, current }: Extract<Action, { do: 'restart' }>,
) {
  const now = await secrets.describe(arn);
  if (versionWith(now, 'AWSCURRENT') !== current || isLocked(now)) return;
  await services.restart(service);
  journal.note('ECS service restarted', { key, ecs_service: serviceName(service) });
}

async function announce({ secrets, announcer }: SweepPorts, arn: string, event: KeyRotated) {
  await announcer.announce(event);
  await secrets.forget(arn, note.unannounced);
}

/** It alarms by itself, and nothing else of the key has to wait for it. */
async function handingOver({ journal }: SweepPorts, work: Promise<void>): Promise<void> {
  const error = await failureOf(work);
  if (error) journal.handOverFailed(error);
}
