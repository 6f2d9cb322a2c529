import type { Fault } from './config-faults.ts';
import type { IsWrong } from './config-places.ts';
import { RANGE_FIELDS, type RangeLists, rangeFaults } from './config-ranges.ts';
import type { ValidEnvironment } from './config-schema.ts';
import { geoDatabaseFault } from './geo-database.ts';

type Guard = NonNullable<ValidEnvironment['accessGuard']>;

/** How the rules of an access guard fit together, but for what depends on a field that is wrong itself. */
export function guardFaults(
  environment: string,
  { accessGuard }: Pick<ValidEnvironment, 'accessGuard'>,
  isWrong: IsWrong,
): Fault[] {
  if (!accessGuard || isWrong('accessGuard')) return [];
  const path = `${environment}.accessGuard`;
  const isSound = (field: string) => !isWrong('accessGuard', ...field.split('.'));
  const ofRules = RELATIONS.filter(({ fields }) => fields.every(isSound)).flatMap(
    ({ fields: [field], faultOf }) => {
      const message = faultOf(accessGuard);
      return message ? [{ path: `${path}.${field}`, message }] : [];
    },
  );
  return [...rangeFaults(path, soundRanges(accessGuard, isWrong)), ...ofRules];
}

/** A list with a block that is none says nothing. */
function soundRanges(guard: Guard, isWrong: IsWrong): RangeLists {
  const lists = RANGE_FIELDS.map((field) => {
    const isWrongHere =
      isWrong('accessGuard', field) ||
      guard[field].some((_, at) => isWrong('accessGuard', field, at));
    return [field, isWrongHere ? [] : guard[field]];
  });
  return Object.fromEntries(lists) as RangeLists;
}

/** What only the file itself shows. */
export function databaseFaults(environment: string, merged: unknown, isWrong: IsWrong): Fault[] {
  if (isWrong('accessGuard', 'geoDatabase')) return [];
  const { geoDatabase } = (merged as Partial<ValidEnvironment>).accessGuard ?? {};
  const message = geoDatabase && geoDatabaseFault(geoDatabase);
  return message ? [{ path: `${environment}.accessGuard.geoDatabase`, message }] : [];
}

interface Relation {
  /** All it depends on; a fault is told of the first. */
  readonly fields: readonly [string, ...string[]];
  readonly faultOf: (guard: Guard) => string | false | undefined;
}

const RELATIONS: readonly Relation[] = [
  {
    fields: ['weights', 'weights.device', 'weights.location', 'weights.behaviour'],
    faultOf({ weights: { device, location, behaviour } }) {
      const sum = device + location + behaviour;
      return (
        sum !== 100 && `expected 100 together, got ${device} + ${location} + ${behaviour} = ${sum}`
      );
    },
  },
  {
    fields: ['quarantineAt', 'notifyAt'],
    faultOf: ({ quarantineAt, notifyAt }) =>
      quarantineAt < notifyAt &&
      `${quarantineAt} is below notifyAt (${notifyAt}), and whoever is quarantined is told of: raise it, or lower notifyAt`,
  },
  {
    fields: ['revokeAt', 'quarantineAt'],
    faultOf: ({ revokeAt = 100, quarantineAt }) =>
      revokeAt < quarantineAt &&
      `${revokeAt} is below quarantineAt (${quarantineAt}), and a key is not replaced before its reader is kept out: raise it, or lower quarantineAt`,
  },
  {
    fields: ['revokeAt', 'answer'],
    faultOf: ({ revokeAt, answer }) =>
      revokeAt !== undefined &&
      answer === 'observe' &&
      "with answer 'observe' nothing is done about a risk: set answer to 'quarantine', or take revokeAt out",
  },
];
