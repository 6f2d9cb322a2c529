import { expect, it } from 'vitest';
import { stepOf, stepText } from '../../../../../lambda/domain/access-guard/risk/steps.ts';
import { weigh } from '../../../../../lambda/domain/access-guard/risk/weigh.ts';
import {
  type CloudTrailRecord,
  changeOfSecret,
  identityCenter,
  listSecrets,
  read,
  role,
} from '../../../../aws/recorded/cloudtrail.ts';
import { baselineOf, COUNTRIES, caseOf, DAYS, type Past, USUAL, weighingBy } from './past.ts';

const AFAR = '198.51.100.7';
const at = (minute: number) => new Date(`2026-11-24T12:0${minute}:00Z`);
const weighing = weighingBy({}, COUNTRIES);

/** The sequence that a read from afar completes, after a list and a look. */
function sequenceOf(by: object, past: Past): string | undefined {
  const step = (record: CloudTrailRecord) => stepOf(caseOf(record), weighing);
  const earlier = [
    listSecrets({ by, from: AFAR, at: at(1) }),
    changeOfSecret('DescribeSecret', { by, from: AFAR, at: at(2) }),
  ];
  const steps = earlier.flatMap((record) => {
    const found = step(record);
    return found ? [stepText(found)] : [];
  });
  const record = read({ by, from: AFAR, at: at(3) });
  const its = step(record);
  const judged = { case: caseOf(record), verdict: 'ok' as const, findings: [] };
  const doing = { judged, ...(its ? { step: its } : {}) };
  const [weighed] = weigh([doing], baselineOf(past, undefined, { steps }), weighing);
  return weighed?.risk.sequence?.code;
}

const MANY = Object.fromEntries(
  Array.from({ length: 10 }, (_, index) => [`place 203.0.${index}.0/24`, [1, 2]]),
);

it.each<[string, object, Past, string | undefined]>([
  ['a role', role('backend'), USUAL, 'looked-around'],
  ['a role in its country', role('backend'), { ...USUAL, 'country FR': DAYS }, 'looked-around'],
  ['a person of Identity Center', identityCenter(), USUAL, undefined],
  [
    'a person of Identity Center in their country',
    identityCenter(),
    { ...USUAL, 'country FR': DAYS },
    undefined,
  ],
  [
    'a person of Identity Center in a country where they never were',
    identityCenter(),
    { ...USUAL, 'country BR': DAYS },
    'looked-around',
  ],
  ['a role that comes from anywhere', role('backend'), { ...USUAL, ...MANY }, undefined],
  [
    'such a role in a new country',
    role('backend'),
    { ...USUAL, ...MANY, 'country BR': DAYS },
    'looked-around',
  ],
])('list, look and read from a new network, by %s', (_, by, past, code) => {
  expect(sequenceOf(by, past)).toBe(code);
});
