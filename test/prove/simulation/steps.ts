import fc from 'fast-check';
import type { Setting } from './scene.ts';
import type { NewKey, Step } from './step.ts';

/** What one run is made of. */
export interface Script {
  readonly setting: Setting;
  readonly steps: readonly Step[];
}

const pick = fc.nat({ max: 5 });
const byWord = <Do extends Step['do']>(word: Do, fields: object = {}) =>
  fc.record({ do: fc.constant(word), ...fields }) as unknown as fc.Arbitrary<Step>;
const some = <T>(...words: T[]) => fc.constantFrom(...words);

const hours = (most: number) => fc.integer({ min: 1, max: most });
const days = (most: number) => hours(most).map((count) => count * 24);
const wait = (time: fc.Arbitrary<number>, sweeps: string) =>
  byWord('wait', { hours: time, sweeps: fc.constant(sweeps) });

type Weighted = { readonly weight: number; readonly arbitrary: fc.Arbitrary<Step> };
const weighed = (weight: number, arbitrary: fc.Arbitrary<Step>): Weighted => ({
  weight,
  arbitrary,
});

/** Hours with every sweep, days and weeks with one a day, and days on which none came. */
const PAUSES = fc.oneof(
  weighed(5, wait(hours(30), 'hourly')),
  weighed(6, wait(days(20), 'daily')),
  weighed(1, wait(days(60), 'daily')),
  weighed(1, wait(hours(240), 'none')),
);

const stage = (...keys: NewKey[]) => byWord('stage', { key: some(...keys) });
const press = (...on: string[]) =>
  byWord('press revoke', { on: some(...on), pick, lag: fc.nat({ max: 6 }), flaps: fc.boolean() });
const scope = some('key', 'environment');

/** What people do who know the tool, and what happens to them. */
const DUTY: readonly Weighted[] = [
  weighed(14, byWord('attend')),
  weighed(10, stage('good')),
  weighed(5, byWord('rotate')),
  weighed(5, press('awaiting')),
  weighed(2, byWord('unstage', { pick })),
  weighed(2, byWord('sweep again')),
  weighed(2, byWord('deliver again')),
  weighed(2, byWord('outage', { hours: hours(60) })),
  weighed(1, byWord('clock', { minutes: fc.integer({ min: -10, max: 600 }) })),
  weighed(1, byWord('deploy', { retain: some(7, 30, 45), rotate: some(30, 60, 90) })),
];

const EMERGENCY: readonly Weighted[] = [
  weighed(
    8,
    byWord('revoke', { version: some('current', 'current', 'previous', 'staged', 'by id'), pick }),
  ),
  weighed(2, byWord('roll back', { version: some('previous', 'by id'), pick })),
  weighed(2, byWord('lock', { scope })),
  weighed(2, byWord('unlock', { scope })),
];

const FAULTS: readonly Weighted[] = [
  weighed(
    8,
    byWord('fault', {
      nth: hours(30),
      error: some('throttled', 'access-denied', 'timeout'),
      when: some('before', 'after'),
    }),
  ),
];

const MISTAKES: readonly Weighted[] = [
  weighed(4, stage('unknown', 'malformed', 'current', 'held', 'leaked', 'elsewhere')),
  weighed(2, press('retained', 'current', 'staged')),
];

const HANDS: readonly Weighted[] = [
  weighed(2, byWord('put by hand', { key: some('good', 'unknown', 'held') })),
  weighed(2, byWord('move current', { pick })),
  weighed(
    3,
    byWord('take off', {
      label: some('retained', 'awaiting', 'compromised', 'pending', 'previous'),
      pick,
    }),
  ),
  weighed(3, byWord('put on', { label: some('foreign', 'pending'), pick })),
  weighed(4, byWord('untag', { tag: some('lockdown', 'setting', 'note'), pick })),
  weighed(2, byWord('cmk', { to: some('on', 'off') })),
  weighed(1, byWord('cancel rotation')),
];

/** A careful team, one in trouble, and one that also lays hands on AWS. */
const TEAMS = [
  [...DUTY, ...EMERGENCY],
  [...DUTY, ...EMERGENCY, ...FAULTS, ...MISTAKES],
  [...DUTY, ...EMERGENCY, ...FAULTS, ...MISTAKES, ...HANDS],
] as const;

const setting: fc.Arbitrary<Setting> = fc.record({
  takesPendingOff: fc.boolean(),
  retain: some(7, 30, 45),
  rotate: some(30, 60, 90),
  verification: some('query' as const, 'canary' as const),
});

const stepsOf = (team: readonly Weighted[], length: number) =>
  fc
    .array(fc.tuple(fc.option(PAUSES, { freq: 2 }), fc.oneof(...team)), {
      minLength: length,
      maxLength: length,
      size: 'max',
    })
    .map((pairs) => pairs.flatMap(([pause, step]) => (pause ? [pause, step] : [step])));

/** @param length of what people do, not of the pauses between */
export const scripts = (length: number): fc.Arbitrary<Script> =>
  some(...TEAMS).chain((team) => fc.record({ setting, steps: stepsOf(team, length) }));
