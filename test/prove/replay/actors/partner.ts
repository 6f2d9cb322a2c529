import { AGENT } from '../account/agents.ts';
import { PARTNER_KEYS } from '../account/grants.ts';
import { ofAccount, PARTNER_ACCOUNT } from '../account/identities.ts';
import { addressIn, BLOCKS } from '../account/places.ts';
import { DAY, HOUR } from '../calendar.ts';
import { readOf } from '../events.ts';
import type { Happening } from '../happening.ts';
import type { Random } from '../random.ts';
import { type Actor, usual } from './actor.ts';

const READS = 600;
/** On the replayed day it has to catch up with what it missed. */
const CATCHING_UP = 5;

/** A reader of another account, through gateways of its own. */
export function partnerActor(random: Random): Actor {
  const own = random.of('partner');
  const gateways = [1, 2, 3].map((number) =>
    addressIn(BLOCKS.partner.GB, own.of('gateway', number)),
  );
  return (day) => {
    const its = own.of('day', day.index);
    const found: Happening[] = [];
    const pause = DAY / (day.isReplayed ? CATCHING_UP * READS : READS);
    for (let at = day.start; at < day.start + DAY; at += its.wait(pause)) {
      const who = ofAccount(PARTNER_ACCOUNT, `etl-${Math.floor(at / HOUR)}`);
      const source = { from: its.pick(gateways) };
      const agent = AGENT.pythonOnHost;
      const doing = { at, who, source, agent, origin: usual('partner'), isBulk: true };
      found.push(readOf(doing, its.pick(PARTNER_KEYS), its));
    }
    return found;
  };
}
