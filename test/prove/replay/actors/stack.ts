import { roleName } from '../../../../lambda/contract.ts';
import { DEPLOY_ROLE } from '../../../lambda/world.ts';
import { AGENT } from '../account/agents.ts';
import { KEYS } from '../account/grants.ts';
import { inRole } from '../account/identities.ts';
import { addressIn, BLOCKS } from '../account/places.ts';
import { HOUR, MINUTE, SECOND, timeIn, within } from '../calendar.ts';
import { changeOf, describeOf, ENVIRONMENT, readOf } from '../events.ts';
import type { Happening } from '../happening.ts';
import type { Random } from '../random.ts';
import { type Actor, usual } from './actor.ts';
import type { Surroundings } from './service.ts';

/** What the product itself does: the hourly sweep reads every key, and every few days one is rotated. */
export function stackActor({
  random,
  rotations,
}: Pick<Surroundings, 'random' | 'rotations'>): Actor {
  const agent = AGENT.nodeOnLambda;
  const session = (noun: 'lifecycle' | 'rotation') => inRole(roleName(ENVIRONMENT, noun), noun);
  return (day) => {
    const its = random.of('stack', day.index);
    const source = { from: addressIn(BLOCKS.aws.US, its) };
    const doing = { source, agent, origin: usual('stack') };
    const sweeps = Array.from({ length: 24 }, (_, hour) =>
      KEYS.flatMap((key, index) => {
        const at = day.start + hour * HOUR + index * its.between(50, 300);
        const sweep = { ...doing, at, who: session('lifecycle'), isBulk: true };
        return [describeOf(sweep, key, its), readOf(sweep, key, its)];
      }),
    ).flat();
    const steps = ['PutSecretValue', 'UpdateSecretVersionStage', 'UpdateSecretVersionStage'];
    const rotated = rotations
      .filter(({ at }) => within(day, at))
      .flatMap(({ at, key }) =>
        steps.map((name, index) => {
          const step = { ...doing, at: at + index * SECOND, who: session('rotation') };
          return changeOf(step, name, key, its);
        }),
      );
    return [...sweeps, ...rotated];
  };
}

/** Deployments of the stack: CloudFormation writes tags and policies of secrets. */
export function deploymentActor(random: Random): Actor {
  const who = inRole(DEPLOY_ROLE.split('role/')[1] ?? '', 'AWSCloudFormation');
  const source = { from: AGENT.cloudFormation };
  return (day) => {
    const its = random.of('deployments', day.index);
    const doing = { who, source, agent: AGENT.cloudFormation, origin: usual('deployment') };
    const count = day.isWorkday ? its.whole(1, 3) : 0;
    return Array.from({ length: count }, (): Happening[] => {
      const begin = timeIn(day, [8, 22], its);
      return its.some(KEYS, its.whole(2, 6)).flatMap((key) => {
        const at = begin + its.between(0, 2) * MINUTE;
        return [
          describeOf({ ...doing, at }, key, its),
          changeOf({ ...doing, at: at + SECOND }, 'TagResource', key, its),
          changeOf({ ...doing, at: at + 2 * SECOND }, 'PutResourcePolicy', key, its),
        ];
      });
    }).flat();
  };
}
