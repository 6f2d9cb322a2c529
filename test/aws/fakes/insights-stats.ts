import type { Row } from './insights.ts';
import type { Tokens } from './insights-tokens.ts';

/** What a column shows of a row, or of a group of rows; nothing where there is nothing to show. */
export interface Column<Of> {
  readonly name: string;
  readonly value: (of: Of) => string | undefined;
}

type Aggregate = (rows: readonly Row[], field: string) => string | undefined;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html */
const AGGREGATES: Partial<Record<string, Aggregate>> = {
  count: (rows, field) => String(valuesOf(rows, field).length),
  count_distinct: (rows, field) => String(new Set(valuesOf(rows, field)).size),
  min: (rows, field) => valuesOf(rows, field).sort(compare)[0],
  max: (rows, field) => valuesOf(rows, field).sort(compare).at(-1),
  earliest: (rows, field) => valuesOf(byTime(rows), field)[0],
  latest: (rows, field) => valuesOf(byTime(rows), field).at(-1),
};

const PERIODS: Partial<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * `stats count(*) as reads, min(field) by field, bin(1h)`. Of no lines there is no row; what AWS
 * answers to `stats` without `by` then isn't documented, nor how it writes min(@timestamp).
 */
export function statsOf(tokens: Tokens): (rows: readonly Row[]) => Row[] {
  const aggregates = tokens.list(() => aggregateOf(tokens));
  const keys = tokens.skip('by') ? tokens.list(() => columnOf(tokens)) : [];
  return (rows) => {
    const groups = Map.groupBy(rows, (row) => JSON.stringify(keys.map(({ value }) => value(row))));
    return [...groups.values()].map((group) => ({
      ...(group[0] ? shown(keys, group[0]) : {}),
      ...shown(aggregates, group),
    }));
  };
}

export function shown<Of>(columns: readonly Column<Of>[], of: Of): Row {
  const cells = columns.map(({ name, value }) => [name, value(of)] as const);
  return Object.fromEntries(cells.filter(([, value]) => value !== undefined)) as Row;
}

/** A field, `coalesce(field, field)`, `substr(field, 0, 13)` or `bin(1h)`, with `as name` or not. */
export function columnOf(tokens: Tokens): Column<Row> {
  const word = tokens.take('word');
  if (!tokens.skip('(')) return named(tokens, word, (row) => row[word]);
  const words = tokens.list(() => tokens.take('word'));
  tokens.pass(')');
  const name = `${word}(${words.join(', ')})`;
  if (word === 'bin') return named(tokens, name, binOf(words[0] ?? '', tokens));
  if (word === 'substr') return named(tokens, name, partOf(words, tokens));
  if (word !== 'coalesce') return tokens.refuse();
  return named(tokens, name, (row) =>
    words.map((field) => row[field]).find((value) => value !== undefined),
  );
}

function aggregateOf(tokens: Tokens): Column<readonly Row[]> {
  const word = tokens.take('word');
  const aggregate = AGGREGATES[word] ?? tokens.refuse();
  tokens.pass('(');
  const ofAll = word === 'count' && tokens.skip('*');
  const field = ofAll ? '@message' : tokens.take('word');
  tokens.pass(')');
  return named(tokens, `${word}(${ofAll ? '*' : field})`, (rows) => aggregate(rows, field));
}

function named<Of>(tokens: Tokens, name: string, value: Column<Of>['value']): Column<Of> {
  return { name: tokens.skip('as') ? tokens.take('word') : name, value };
}

function binOf(period: string, tokens: Tokens): Column<Row>['value'] {
  const [, count = '', unit = ''] = /^(\d+)([smhd])$/.exec(period) ?? tokens.refuse();
  const width = Number(count) * (PERIODS[unit] ?? 0);
  return ({ '@timestamp': time }) =>
    time === undefined ? undefined : timeText(Math.floor(Number(time) / width) * width);
}

/** From an index, so many characters. */
function partOf([field = '', from, length]: string[], tokens: Tokens): Column<Row>['value'] {
  const [start, count] = [Number(from), Number(length)];
  if (![start, count].every(Number.isInteger)) tokens.refuse();
  return ({ [field]: value }) => value?.slice(start, start + count);
}

/** `2026-11-24 01:00:00.000` */
export const timeText = (milliseconds: number) =>
  new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '');

/** As numbers where both are. */
export function compare(one: string, other: string): number {
  const difference = Number(one) - Number(other);
  if (!Number.isNaN(difference)) return difference;
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

const valuesOf = (rows: readonly Row[], field: string) =>
  rows.map((row) => row[field]).filter((value) => value !== undefined);

const byTime = (rows: readonly Row[]) =>
  rows.toSorted((one, other) => Number(one['@timestamp']) - Number(other['@timestamp']));
