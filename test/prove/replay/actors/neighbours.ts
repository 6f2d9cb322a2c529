import { AGENT } from '../account/agents.ts';
import { seatOf, throughEndpoint } from '../account/egress.ts';
import { inRole } from '../account/identities.ts';
import { DAY } from '../calendar.ts';
import { readOfOther } from '../events.ts';
import type { Happening } from '../happening.ts';
import { type Actor, usual } from './actor.ts';
import type { Surroundings } from './service.ts';

/** Of a working day. */
const READS = 7_500;

/** Services of other teams, which read secrets of their own. */
export function neighboursActor(
  { random, moments, scale }: Surroundings,
  secrets: readonly string[],
): Actor {
  return (day) => {
    const its = random.of('neighbours', day.index);
    const found: Happening[] = [];
    for (let at = day.start; at < day.start + DAY; at += its.wait(DAY / (READS * scale))) {
      const secretId = its.pick(secrets);
      const who = inRole(`${secretId.split('/')[0]}-service`, its.hex(32));
      const source = throughEndpoint(at, moments, seatOf(its));
      const origin = usual('neighbours');
      const doing = { at, who, source, agent: AGENT.nodeOnEcs, origin, isBulk: true };
      found.push(readOfOther(doing, secretId, its));
    }
    return found;
  };
}
