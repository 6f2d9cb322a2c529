import type { Consumer } from '../consumer.ts';
import { DAY } from '../key-state.ts';
import type { Finding } from './finding.ts';
import { keyOf } from './notices.ts';
import type { Sighting } from './sighting.ts';

/** So long before its end a grant is spoken of. */
const TOLD_DAYS_BEFORE = 14;

/** Grants that end soon: whoever has one can't read the key then. */
export function grantEnds(sighting: Sighting): Finding | undefined {
  const soon = sighting.now.getTime() + TOLD_DAYS_BEFORE * DAY;
  const ending = endsOf(sighting, (end) => end > sighting.now && end.getTime() <= soon);
  if (ending.length === 0) return undefined;
  return {
    code: 'grant-ends',
    about: whichOf(ending),
    happened: `Grants of ${keyOf(sighting)} end soon, and their consumers can't read the key then: ${listOf(ending)}.`,
    todo: 'Give them a later end in lib/environments.ts or take them out, and deploy.',
  };
}

/** Grants that ended and are still in the configuration. */
export function grantEnded(sighting: Sighting): Finding | undefined {
  const ended = endsOf(sighting, (end) => end <= sighting.now);
  if (ended.length === 0) return undefined;
  return {
    code: 'grant-ended',
    about: whichOf(ended),
    happened: `Grants of ${keyOf(sighting)} ended, and reads by their consumers are denied: ${listOf(ended)}.`,
    todo: 'Take them out of lib/environments.ts or give them a later end, and deploy: until then no deployment from that file is taken.',
  };
}

type Ending = Required<Pick<Consumer, 'principal' | 'expires'>>;

const endsOf = ({ facts }: Sighting, isMeant: (end: Date) => boolean): Ending[] =>
  facts.managed.consumers
    .flatMap(({ principal, expires }) => (expires ? [{ principal, expires }] : []))
    .filter(({ expires }) => isMeant(expires))
    .sort((one, other) => one.expires.getTime() - other.expires.getTime());

/** Told anew when a grant joins or leaves: nearly always one end differs then, or the count. */
const whichOf = (endings: readonly Ending[]) =>
  `${endings.length}/${endings[0]?.expires.toISOString()}`;

const listOf = (endings: readonly Ending[]) =>
  endings.map(({ principal, expires }) => `${principal} on ${expires.toISOString()}`).join('; ');
