import { stackName } from '../../lambda/contract.ts';
import { type EventSourceMapping, isStopped } from '../operator/relay/mapping.ts';
import { totalOf } from '../operator/relay/queues.ts';
import type { RelayStatus } from '../operator/relay/status.ts';
import { table, wrap } from './layout.ts';
import type { View } from './terminal.ts';
import { utc, utcAndRelative } from './times.ts';

/** Where the relay's events are, and what to do next. */
export function relayStatusPage(status: RelayStatus, view: View): string[] {
  const { environment, account, region, at, key, url, todo } = status;
  const { columns, paint } = view;
  const line = (text: string) => wrap(text, columns, '', '  ');
  const title = `${paint.bold(`Relay of ${environment}`)}, account ${account}, Region ${region}, ${utc(at)}`;
  const steps = todo.length > 0 ? todo : ['nothing.'];
  return [
    ...wrap(title, columns),
    '',
    ...(url === undefined ? [] : line(`Takes events at ${url}`)),
    ...line(`Sends with key ${environment}/${key}: ${mappingWords(status, view)}`),
    ...line(`Waiting: ${waitingWords(status)}`),
    ...line(`Failed: ${failedWords(status, view)}`),
    ...reasonLines(status, view),
    ...status.unreadable.flatMap(({ part, message }) =>
      line(`${paint.yellow(`Not found out (${part}):`)} ${message}`),
    ),
    '',
    ...steps.flatMap((step, at) => line(`${at === 0 ? 'Next' : 'Then'}: ${step}`)),
  ];
}

function mappingWords(
  { eventSourceMapping: mapping, heldFor }: RelayStatus,
  { paint, now }: View,
): string {
  if (!mapping) return 'whether it is handed events could not be found out';
  const since = mapping.since ? ` since ${utcAndRelative(mapping.since, now)}` : '';
  if (isStopped(mapping)) {
    return `${paint.red('held back')}${since}, as ${WHY_HELD[heldFor ?? 'unknown']}. None is lost: events wait for up to 14 days`;
  }
  return mapping.state === 'Missing'
    ? paint.red('handed none')
    : `${handed(mapping, paint)}${since}`;
}

const WHY_HELD = {
  rejected: 'Amplitude accepts no key that it may read',
  unreadable: "the current key can't be read",
  missing: 'there is no key yet',
  unknown: "Amplitude accepts no key that it may read, or the current one can't be read",
};

const handed = ({ state }: EventSourceMapping, { green, yellow }: View['paint']) =>
  state === 'Enabled' ? green('handed events') : yellow(`being changed (${state})`);

/** Their age is a metric only. */
function waitingWords(status: RelayStatus): string {
  const { visible, inFlight, delayed } = status.waiting;
  const total = totalOf(status.waiting);
  if (total === 0) return 'no event';
  const parts = [
    [inFlight, 'being sent, or tried in vain and handed out again within 12 minutes'],
    [delayed, 'there for less than 10 seconds'],
    [visible, 'to be sent'],
  ] as const;
  const told = parts.flatMap(([count, what]) => (count > 0 ? `${number(count)} ${what}` : []));
  return `about ${events(total)} (${told.join(', ')}). Since when is on dashboard ${stackName(status.environment)}; an alarm rises after 3 days`;
}

function failedWords({ failed, failures, move }: RelayStatus, { paint, now }: View): string {
  const total = totalOf(failed);
  if (move) {
    const of = move.toMove === undefined ? '' : ` of about ${number(move.toMove)}`;
    return `being moved back since ${utcAndRelative(move.startedAt, now)}, ${number(move.moved)}${of} until now`;
  }
  if (total === 0) return 'no event';
  const count = paint.red(`about ${events(total)}`);
  if (failures?.looked === 0) {
    return `${count}. None could be looked at now: they are hidden for some seconds after each look`;
  }
  if (!failures?.oldestAt) return count;
  const { looked, oldestAt } = failures;
  return `${count}. Of ${number(looked)} that were looked at, the oldest failed ${utcAndRelative(oldestAt, now)}`;
}

function reasonLines({ failures }: RelayStatus, view: View): string[] {
  if (!failures || failures.looked === 0) return [];
  const rows = failures.reasons.map(({ reason, events: count }) => ({
    cells: [reason, number(count)],
  }));
  return table(['REASON', 'EVENTS'], rows, view);
}

const number = (count: number) => count.toLocaleString('en');
const events = (count: number) => `${number(count)} ${count === 1 ? 'event' : 'events'}`;
