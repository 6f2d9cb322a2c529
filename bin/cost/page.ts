import { type Row, table, wrap } from '../terminal/layout.ts';
import type { View } from '../terminal/terminal.ts';
import { costOf, type Group, type Line, type Years } from './line.ts';
import { PRICES_OF } from './prices.ts';
import type { EnvironmentBill, Report } from './report.ts';

const HEAD = ['WHAT', 'HOW MANY', 'EACH', 'A MONTH'];
const YEARS = ['1ST YEAR', '2ND YEAR', 'FROM THE 3RD'];

export function costPage({ bills, total, notes, unpriced }: Report, view: View): string[] {
  const { paint, columns } = view;
  const { month, region } = PRICES_OF;
  const title = `A month in US dollars, by AWS's list prices of ${month} in ${region}`;
  const all = table(['WHAT', ...YEARS], [sumRow('all environments', total)], view);
  return [
    ...wrap(paint.bold(title), columns),
    ...bills.flatMap((bill) => ['', ...billSection(bill, view)]),
    ...(bills.length > 1 ? ['', ...all] : []),
    '',
    ...notes.flatMap((note) => wrap(`- ${note}`, columns, '', '  ').map(paint.dim)),
    ...unpriced.flatMap((type) => ['', ...notCounted(type, view)]),
  ];
}

/** Lines as they are from the third year on: only KMS keys grow dearer before. */
function billSection(bill: EnvironmentBill, view: View): string[] {
  const { environment, region, keys, lines, base, perKey, guard, relay, total } = bill;
  const counted = keys === 1 ? '1 key' : `${keys} keys`;
  const elsewhere = region && region !== PRICES_OF.region ? `; prices differ in ${region}` : '';
  const title = `${view.paint.bold(environment)}, from the third year on${elsewhere}`;
  const sums = [
    sumRow('base', base),
    sumRow('each key', perKey),
    ...(guard ? [sumRow('access guard', guard.month)] : []),
    ...(relay ? [sumRow('relay', relay.month)] : []),
    sumRow(`base and ${counted}${guard ? ', guarded' : ''}${relay ? ', relayed' : ''}`, total),
  ];
  return [
    ...wrap(title, view.columns),
    '  Base',
    ...table(HEAD, rowsOf(lines, 'base'), view),
    `  ${counted}`,
    ...table(HEAD, rowsOf(lines, 'keys'), view),
    ...(guard
      ? [
          '  Access guard',
          ...table(HEAD, rowsOf(lines, 'guard'), view),
          ...note(
            `A flood costs up to ${dollars(guard.perMillionEvents)} for each million events.`,
            view,
          ),
        ]
      : []),
    ...(relay
      ? [
          '  Relay, before anything is sent to it',
          ...table(HEAD, rowsOf(lines, 'relay'), view),
          ...note(`Each million executions costs ${dollars(relay.perMillionEvents)} more.`, view),
        ]
      : []),
    '  Sums',
    ...table(['WHAT', ...YEARS], sums, view),
  ];
}

const note = (text: string, { columns }: View) => wrap(text, columns, '  ', '  ');

/** The dearest first. */
const rowsOf = (lines: readonly Line[], group: Group): Row[] =>
  lines
    .filter((line) => line.group === group)
    .toSorted((one, other) => costOf(other)[2] - costOf(one)[2])
    .map((line) => ({
      cells: [line.what, number(line.counts[2]), eachOf(line), dollars(costOf(line)[2])],
    }));

const sumRow = (name: string, years: Years): Row => ({ cells: [name, ...years.map(dollars)] });

function notCounted(type: string, { paint, columns }: View): string[] {
  const text = `${paint.yellow('Not counted:')} ${type}. Nobody has looked up its price yet; it belongs in bin/cost/prices.ts.`;
  return wrap(text, columns);
}

function dollars(amount: number): string {
  if (amount > 0 && amount < 0.005) return '< $0.01';
  const cents = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return `$${amount.toLocaleString('en-US', cents)}`;
}

function eachOf({ price: { usd, per } }: Line): string {
  if (per === 1) return usd < 0.01 ? `$${usd}` : dollars(usd);
  return `${dollars(usd)} per ${per === 1_000_000 ? 'million' : number(per)}`;
}

const number = (count: number) =>
  count < 1
    ? count.toLocaleString('en-US', { maximumSignificantDigits: 1 })
    : Math.round(count).toLocaleString('en-US');
