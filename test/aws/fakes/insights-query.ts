import type { Row } from './insights.ts';
import { filterOf } from './insights-filter.ts';
import { columnOf, compare, shown, statsOf, timeText } from './insights-stats.ts';
import { Tokens } from './insights-tokens.ts';

/** The rows so far, and which of their columns are shown. */
interface Found {
  readonly rows: readonly Row[];
  readonly columns: readonly string[];
  /** What `filter` has let through of the log lines. */
  readonly matched: number;
  readonly isStats: boolean;
}

type Step = (found: Found) => Found;

const COMMANDS: Partial<Record<string, (tokens: Tokens) => Step>> = {
  fields: fieldsStep,
  filter: filterStep,
  stats: statsStep,
  sort: sortStep,
  limit: limitStep,
};

/**
 * Runs the part of Logs Insights QL that the fake knows: `filter`, `stats`, `fields`, `sort` and
 * `limit`. Without `sort` the newest comes first.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
export function runQuery(query: string, lines: readonly Row[]) {
  const tokens = new Tokens(query);
  const steps = [stepOf(tokens)];
  while (tokens.skip('|')) steps.push(stepOf(tokens));
  if (!tokens.atEnd) tokens.refuse();
  const rows = lines.toSorted((one, other) => compare(timeOf(other), timeOf(one)));
  const columns = ['@timestamp', '@message'];
  const start: Found = { rows, columns, matched: rows.length, isStats: false };
  const found = steps.reduce((before, step) => step(before), start);
  return { rows: found.rows.map((row) => displayed(row, found)), matched: found.matched };
}

function stepOf(tokens: Tokens): Step {
  for (const [name, command] of Object.entries(COMMANDS)) {
    if (command && tokens.skip(name)) return command(tokens);
  }
  return tokens.refuse();
}

function fieldsStep(tokens: Tokens): Step {
  const columns = tokens.list(() => columnOf(tokens));
  return (found) => ({
    ...found,
    rows: found.rows.map((row) => ({ ...row, ...shown(columns, row) })),
    columns: columns.map(({ name }) => name),
  });
}

function filterStep(tokens: Tokens): Step {
  const test = filterOf(tokens);
  return (found) => {
    const rows = found.rows.filter(test);
    return { ...found, rows, matched: found.isStats ? found.matched : rows.length };
  };
}

function statsStep(tokens: Tokens): Step {
  const stats = statsOf(tokens);
  return (found) => {
    const rows = stats(found.rows);
    return { ...found, rows, columns: rows.flatMap((row) => Object.keys(row)), isStats: true };
  };
}

function sortStep(tokens: Tokens): Step {
  const keys = tokens.list(() => {
    const field = tokens.take('word');
    const isDescending = tokens.skip('desc');
    if (!isDescending) tokens.pass('asc');
    return { field, sign: isDescending ? -1 : 1 };
  });
  const order = (one: Row, other: Row) => {
    const results = keys.map(
      ({ field, sign }) => sign * compare(one[field] ?? '', other[field] ?? ''),
    );
    return results.find((result) => result !== 0) ?? 0;
  };
  return (found) => ({ ...found, rows: found.rows.toSorted(order) });
}

function limitStep(tokens: Tokens): Step {
  const count = Number(tokens.take('word'));
  if (!Number.isInteger(count) || count < 1) tokens.refuse();
  return (found) => ({ ...found, rows: found.rows.slice(0, count) });
}

/** A line's own columns, with a pointer to it; its time as text. */
function displayed(row: Row, { columns, isStats }: Found): Row {
  const cells = Object.entries(row).filter(([name]) => columns.includes(name));
  if (isStats) return Object.fromEntries(cells);
  const texts = cells.map(([name, value]) => [
    name,
    name === '@timestamp' ? timeText(Number(value)) : value,
  ]);
  return { ...Object.fromEntries(texts), '@ptr': row['@ptr'] ?? '' };
}

const timeOf = (row: Row) => row['@timestamp'] ?? '';
