import type { EcsService } from '../consumer.ts';
import { asKeysError, type KeysError } from '../errors.ts';
import type { KeyFacts } from '../key-facts.ts';
import type { AtOnce, Services } from '../ports.ts';
import { currentSince } from './current-since.ts';
import { serviceName, servicesOf } from './services.ts';
import { type ServiceSight, SKEW, type Standings, standingOf } from './standing.ts';

export interface StandingPorts {
  readonly services: Services;
  readonly atOnce: AtOnce;
}

/** Far below ECS's quotas. */
const ASKING = 8;

interface Wanted {
  readonly facts: KeyFacts;
  readonly service: EcsService;
  readonly since: Date;
}

/**
 * How far every ECS service of these keys is with its current key. One that several keys share is
 * asked about once; never throws.
 */
export async function standingsOf(
  ports: StandingPorts,
  keys: readonly KeyFacts[],
  now: Date,
): Promise<ReadonlyMap<KeyFacts, Standings>> {
  const wanted = keys.flatMap((facts) => wantedOf(facts, now));
  const limit = ports.atOnce(ASKING);
  const byName = Map.groupBy(wanted, ({ service }) => serviceName(service));
  const sights = [...byName].map(([name, some]) =>
    limit(async () => [name, await sightOf(ports, some)] as const),
  );
  const known = new Map(await Promise.all(sights));
  const byKey = Map.groupBy(wanted, ({ facts }) => facts);
  return new Map([...byKey].map(([facts, some]) => [facts, standingsIn(some, known, now)]));
}

function wantedOf(facts: KeyFacts, now: Date): Wanted[] {
  const services = servicesOf(facts.managed, now);
  const since = services.length > 0 ? currentSince(facts, now) : undefined;
  return since ? services.map((service) => ({ facts, service, since })) : [];
}

/** Where one runs and all are young enough, deployments don't matter. */
async function sightOf({ services }: StandingPorts, some: readonly Wanted[]) {
  const [first] = some;
  try {
    const tasks = first ? await services.tasks(first.service) : [];
    const isBehind = ({ since }: Wanted) => tasks.some(({ createdAt }) => createdAt < since);
    const open = tasks.some(({ runs }) => runs) ? some.filter(isBehind) : some;
    if (!first || open.length === 0) return { tasks, deployments: [] };
    const since = Math.min(...open.map((one) => one.since.getTime())) - SKEW;
    return { tasks, deployments: await services.deploymentsSince(first.service, new Date(since)) };
  } catch (error) {
    return asKeysError(error);
  }
}

function standingsIn(
  some: readonly Wanted[],
  known: ReadonlyMap<string, ServiceSight | KeysError>,
  now: Date,
): Standings {
  return new Map(
    some.flatMap(({ service, since }) => {
      const name = serviceName(service);
      const sight = known.get(name);
      return sight ? [[name, standingOf(sight, since, now)] as const] : [];
    }),
  );
}
