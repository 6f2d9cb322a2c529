import { stackName } from '../../lambda/contract.ts';
import type { QuarantineReport, QuarantinesReport } from '../../lambda/payloads.ts';
import { unbroken, wrap } from './layout.ts';
import { within } from './readers-table.ts';
import type { View } from './terminal.ts';
import { utc, utcAndRelative } from './times.ts';

export interface QuarantinesPageReport extends QuarantinesReport {
  readonly account: string;
  readonly region: string;
}

/** Who is denied the keys, why and until when, and what to run next. */
export function quarantinesPage(report: QuarantinesPageReport, view: View): string[] {
  const { environment, account, region, at, quarantines } = report;
  const { columns, paint } = view;
  const title = `${paint.bold(`Quarantines of ${environment}`)}, account ${account}, Region ${region}, ${utc(at)}`;
  return [
    ...wrap(title, columns),
    ...wrap(meaningOf(report, view), columns),
    ...quarantines.flatMap((one) => ['', ...section(one, report, view)]),
    ...pendingLines(report, view),
  ];
}

/** What the list means: an empty one says little where nobody is ever quarantined. */
function meaningOf({ answer, quarantines, environment }: QuarantinesPageReport, { paint }: View) {
  const isEmpty = quarantines.length === 0;
  if (answer === undefined) return 'It has no access guard, so nobody is ever quarantined.';
  if (answer === 'quarantine') {
    return isEmpty ? 'Nobody is quarantined.' : 'Denied every key of the environment:';
  }
  return isEmpty
    ? `Nobody is quarantined: its access guard only observes, and tells whom it would quarantine. To have it act, set answer: 'quarantine' in its accessGuard and deploy: npx cdk deploy ${stackName(environment)}`
    : paint.yellow(
        'Its access guard only observes since a deployment: no policy denies these anything now.',
      );
}

function section(
  quarantine: QuarantineReport,
  { environment, account }: QuarantinesPageReport,
  view: View,
): string[] {
  const { id, principal, key, score, reasons, eventId, at, until } = quarantine;
  const { columns, paint, now } = view;
  const who = `${paint.bold(id)}  ${within(account, principal)}, ${paint.red(`risk ${score}`)}`;
  const what = key === undefined ? 'a sign-in' : `a read of ${key}`;
  return [
    ...wrap(who, columns, '  ', '  '),
    ...deniedWords(quarantine).flatMap((word) => field('denied', word, view)),
    ...field('for', `${what}, event ${eventId}`, view),
    ...(reasons.length > 0 ? field('why', reasons.join('; '), view) : []),
    ...field('since', utcAndRelative(at, now), view),
    ...field('until', untilOf(until, now), view),
    ...nextOf(quarantine, environment).flatMap((next) => wrap(next, columns, '    ', '  ')),
  ];
}

const nextOf = ({ id, key }: QuarantineReport, environment: string) => [
  ...(key === undefined
    ? []
    : [`What else it read: npx keyctl assess --env ${environment} --key ${key}`]),
  `If it is one of yours: npx keyctl quarantine release ${id} --env ${environment}`,
];

/** The words that policies compare, and what they are. */
export const deniedWords = ({ denied: { principal, session, address } }: QuarantineReport) => [
  ...(principal ? [`principal ${principal}`] : []),
  ...(session ? [`session ${session}`] : []),
  ...(address ? [`address ${address}`] : []),
];

/** IAM knows no end: the guard or the sweep, whichever runs next, takes the deny off. */
const untilOf = (until: string, now: Date) =>
  new Date(until) > now
    ? utcAndRelative(until, now)
    : `${utcAndRelative(until, now)}; the hourly sweep takes it off`;

const WIDTH = 'denied'.length + 2;

const field = (name: string, text: string, { columns, paint }: View) =>
  wrap(unbroken(paint.dim(name.padEnd(WIDTH))) + text, columns, '    ', ' '.repeat(WIDTH));

function pendingLines({ pending }: QuarantinesPageReport, { columns, paint }: View): string[] {
  if (pending.length === 0) return [];
  const told = `${paint.yellow('Not done yet:')} ${pending.join(', ')}. The policies there don't deny as they are to; the hourly sweep sees to it.`;
  return ['', ...wrap(told, columns, '', '  ')];
}
