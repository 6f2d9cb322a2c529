import { expect, it } from 'vitest';
import { fallbackLabels } from '../../../lib/consumer/fallback.ts';

const retained = (time: string) => `RETAINED-UNTIL-${time}-1a2b3c4d`;
const [EARLY, LATE] = [retained('20261210T000000Z'), retained('20261220T000000Z')];

it.each<[string, Record<string, string[]>, string[]]>([
  ['nothing where there is only a current key', { a: ['AWSCURRENT'] }, []],
  [
    'the previous key first, then those retained longest',
    { a: [EARLY], b: [LATE], c: ['AWSPREVIOUS'] },
    ['AWSPREVIOUS', LATE, EARLY],
  ],
  ['each key by one label', { a: ['AWSPREVIOUS', LATE], b: [EARLY] }, ['AWSPREVIOUS', EARLY]],
  ['no current key that a dead rotation left a retention on', { a: ['AWSCURRENT', LATE] }, []],
  ['no key that leaked', { a: ['AWSPREVIOUS', LATE, 'COMPROMISED-20261124T000000Z-1a2b3c4d'] }, []],
  ['no key that awaits its revocation', { a: ['AWSPREVIOUS', 'AWAITING-REVOCATION-1a2b3c4d'] }, []],
  [
    'no candidate, and nothing by a label of others',
    { a: ['AWSPENDING'], b: ['RETAINED-UNTIL-today'], c: ['mine'] },
    [],
  ],
])('falls back to %s', (_, versions, labels) => {
  expect(fallbackLabels(versions)).toEqual(labels);
});
