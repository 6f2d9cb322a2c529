import type { EcsService } from '../consumer.ts';
import { asKeysError, failureOf, type KeysError, reasonOf } from '../errors.ts';
import type { KeyFacts } from '../key-facts.ts';
import { formatMark, markIn, note } from '../lifecycle/notes.ts';
import type { Announcer, Clock, Journal, KeyRotated, Secrets, Services } from '../ports.ts';
import type { Fingerprint } from '../secret-value.ts';
import { isLocked, named, serviceName, servicesOf } from './services.ts';
import { isOfPromotion, SKEW } from './standing.ts';

export interface HandOverPorts {
  readonly secrets: Pick<Secrets, 'remember'>;
  readonly services: Services;
  readonly announcer: Announcer;
  readonly clock: Clock;
  readonly journal: Journal;
}

/** A version that was made current. */
export interface Promotion {
  readonly versionId: string;
  readonly fingerprint: Fingerprint;
  readonly by: KeyRotated['by'];
  /** AWSCURRENT was moved to it just now, not by an earlier try. */
  readonly moved: boolean;
}

/** Whoever hands a key over has little time, and the sweep has much. */
const RESTARTING_MS = 5_000;

/** Sentences. */
export interface HandedOver {
  readonly done: readonly string[];
  /** What failed or has to wait, and is taken up by the hourly sweep. */
  readonly later: readonly string[];
}

type Handed = Pick<KeyFacts, 'managed' | 'secret'>;

/**
 * Restarts the ECS services that read the key when they start, and announces it to whatever else
 * hangs on it. The key is current already, so that nothing here undoes or fails its promotion: what
 * fails alarms and is left to the sweep.
 */
export async function handOver(
  ports: HandOverPorts,
  handed: Handed,
  promotion: Promotion,
): Promise<HandedOver> {
  const restarted = await restartAll(ports, handed, promotion);
  const announced = await announce(ports, handed, promotion);
  return {
    done: [...restarted.done, ...announced.done],
    later: [...restarted.later, ...announced.later],
  };
}

async function restartAll(
  ports: HandOverPorts,
  { managed, secret }: Handed,
  { versionId, moved }: Promotion,
): Promise<HandedOver> {
  const at = ports.clock.now();
  const services = servicesOf(managed, at);
  if (services.length === 0) return NOTHING;
  const noted = markIn(secret.tags, note.handOver);
  const since = !moved && noted?.id === versionId ? noted.at : undefined;
  if (!since) {
    const value = formatMark({ id: versionId, at });
    const failure = await failureOf(ports.secrets.remember(secret.arn, note.handOver, value));
    // Unless that is on record nobody knows later for which key a service was restarted
    if (failure) return left(ports, failure, `${named(services)} could not be restarted`);
  }
  if (isLocked(secret)) return { done: [], later: [`${named(services)} ${WAITS}`] };
  const handed: HandedOver[] = [];
  for (const [index, service] of services.entries()) {
    const late = ports.clock.now().getTime() - at.getTime() > RESTARTING_MS;
    if (late) {
      handed.push({ done: [], later: [`${named(services.slice(index))} ${SLOW}`] });
      break;
    }
    handed.push(await restart(ports, managed, service, since));
  }
  return { done: handed.flatMap(({ done }) => done), later: handed.flatMap(({ later }) => later) };
}

/** Right after the promotion nothing can have begun, and no call is spent on asking. */
async function restart(
  ports: HandOverPorts,
  { name: key }: Handed['managed'],
  service: EcsService,
  since: Date | undefined,
): Promise<HandedOver> {
  const name = named([service]);
  try {
    if (since && (await hasBegun(ports, service, since)))
      return { done: [`${name} was restarted already.`], later: [] };
    await ports.services.restart(service);
    ports.journal.note('ECS service restarted', { key, ecs_service: serviceName(service) });
    return { done: [`${name} is being restarted.`], later: [] };
  } catch (error) {
    return left(ports, asKeysError(error), `${name} could not be restarted`);
  }
}

async function hasBegun({ services }: HandOverPorts, service: EcsService, since: Date) {
  const begun = await services.deploymentsSince(service, new Date(since.getTime() - SKEW));
  return begun.some((deployment) => isOfPromotion(deployment, since));
}

async function announce(
  ports: HandOverPorts,
  { managed, secret }: Handed,
  { versionId, fingerprint, by }: Promotion,
): Promise<HandedOver> {
  const event: KeyRotated = {
    environment: managed.environment,
    key: managed.name,
    secretArn: secret.arn,
    fingerprint,
    version: versionId,
    by,
  };
  const failure = await failureOf(ports.announcer.announce(event));
  if (!failure) return NOTHING;
  const value = `${versionId} ${by}`;
  const unnoted = await failureOf(ports.secrets.remember(secret.arn, note.unannounced, value));
  if (unnoted) ports.journal.handOverFailed(unnoted);
  return left(ports, failure, 'The event about it could not be sent');
}

function left({ journal }: HandOverPorts, error: KeysError, what: string): HandedOver {
  journal.handOverFailed(error);
  const later = `${what}; the hourly sweep takes it up. ${reasonOf(error)}`;
  return { done: [], later: [later] };
}

const NOTHING: HandedOver = { done: [], later: [] };

const SLOW = 'must wait for the hourly sweep: ECS answers too slowly.';

const WAITS =
  'must wait: reads are locked down, and what starts now could not read the key. The hourly sweep restarts once the lockdown is lifted.';
