import type { World, WorldOptions } from '../../lambda/world.ts';
import { type Amiss, counted } from './records.ts';
import { inWords } from './sight.ts';
import type { Watch } from './watch.ts';

export const HANDED = 'Each ECS service runs with the current key in the end';
export const RESTARTED = 'An ECS service is restarted once for each key that becomes current';
export const ANNOUNCED = 'Each key that becomes current is announced, twice at most';

/** How often a service may be restarted for one promotion: two at the same time may both do it. */
interface Bounds {
  readonly most: number;
}

/** Whatever failed, by the end every service was handed what became current. */
export function brokenHandOver(
  world: World,
  { services = [] }: WorldOptions,
  { promoted, lastReplaced }: Watch,
  { most }: Bounds,
): Amiss[] {
  const { ecs, events } = world.aws;
  const behind = services.filter((one) =>
    ecs
      .tasksOf(one)
      .some(({ createdAt = new Date(0) }) => lastReplaced && createdAt <= lastReplaced),
  );
  const restarts = services.map((one) => [one, ecs.deploymentsOf(one).length] as const);
  const due = promoted.length;
  const announced = counted(events.taken.map(({ detail }) => inWords(String(detail.fingerprint))));
  return [
    ...behind.map((one) => ({ promise: HANDED, seen: `${one} runs with a replaced key` })),
    ...restarts
      .filter(([, times]) => times < due || times > due * most)
      .map(([one, times]) => ({
        promise: RESTARTED,
        seen: `${one} was restarted ${times} times for ${due} keys`,
      })),
    ...promoted
      .map((key) => [key, announced.get(key) ?? 0] as const)
      .filter(([, times]) => times < 1 || times > 2)
      .map(([key, times]) => ({ promise: ANNOUNCED, seen: `${key} was announced ${times} times` })),
  ];
}
