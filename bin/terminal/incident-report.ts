import { trailGroupName } from '../../lambda/contract.ts';
import type { AssessReport, EmergencyReport } from '../../lambda/payloads.ts';
import type { Aftermath } from '../operator/aftermath.ts';
import type { Problem } from '../operator/problem.ts';
import type { TrailLine } from '../operator/trail-line.ts';
import { namesOf, sourceOf } from './assess-page.ts';
import { counted } from './history-page.ts';
import { hoursChart } from './hours-chart.ts';
import { happenings, leakedIn, milestones } from './incident-timeline.ts';
import { bullets, escaped, markdownTable, numbered, prose, section } from './markdown.ts';
import { traitsOf, unknownFirst } from './readers-table.ts';
import { utc } from './times.ts';

/** All that is known of a leak when its report is written. */
export interface Incident extends Aftermath {
  readonly environment: string;
  readonly key: string;
  readonly account: string;
  readonly region: string;
  /** ARN of who ran the command. */
  readonly caller: string;
  /** When it is written. */
  readonly at: string;
  /** Absent when the key was only assessed. */
  readonly emergency?: EmergencyReport;
  /** The key's lines of the audit trail, oldest first. */
  readonly trail: readonly TrailLine[];
  readonly trailNotRead?: Problem;
}

/** The report of an incident as Markdown, for whoever has to read it later. Holds no key. */
export function incidentReport(incident: Incident): string {
  const { environment, key, at, emergency, assessment } = incident;
  const truth = emergency?.truth ?? assessment?.truth;
  const title = emergency ? 'Incident' : 'Impact assessment';
  const lines = [
    `# ${title}: Amplitude key ${escaped(`${environment}/${key}`)}, ${at.slice(0, 10)}`,
    ...(truth ? ['', `**${prose(truth.text)}**`] : []),
    '',
    ...bullets(facts(incident)),
    ...section('Times', markdownTable(['What', 'When (UTC)'], milestones(incident).map(timed))),
    ...section('Timeline', timeline(incident)),
    ...section('Impact', ...impact(incident)),
    ...(emergency ? section('What was done', done(emergency)) : []),
    ...section('What remains', numbered(remaining(incident))),
    ...section('Sources', bullets(sources(incident))),
  ];
  return `${lines.join('\n')}\n`;
}

function facts(incident: Incident): string[] {
  const { account, region, caller, at, emergency } = incident;
  const leaked = leakedIn(incident);
  const id = leaked.versionId ? `, version ${leaked.versionId}` : '';
  return [
    `Leaked: ${escaped(namesOf(leaked) + id)}`,
    ...(emergency?.next ? [`Next: ${escaped(namesOf(emergency.next))}`] : []),
    ...(emergency ? [`Reason: ${escaped(emergency.reason)}`] : []),
    `Account ${account}, Region ${region}`,
    `Written ${utc(at)} by ${escaped(caller)}`,
  ];
}

const timed = ([what, when]: readonly [string, string]) => [
  what,
  /^\d{4}-/.test(when) ? second(when) : when,
];

/** `2026-11-24 02:00:07` */
const second = (time: string) => `${time.slice(0, 10)} ${time.slice(11, 19)}`;

function timeline(incident: Incident): string[] {
  const rows = happenings(incident).map(({ at, what, source }) => [
    second(at),
    escaped(what),
    escaped(source),
  ]);
  return markdownTable(['Time (UTC)', 'What', 'Told by'], rows);
}

function impact({ assessment, notAssessed }: Incident): string[][] {
  if (!assessment) return [[`Not assessed: ${prose(notAssessed?.message ?? '')}`]];
  const { risk, reads, hours, readers, activity, blind } = assessment;
  const unknown = readers.filter(({ known }) => !known).length;
  return [
    [
      `Risk: **${risk.level}**. ${counted(reads, 'read')} by ${counted(readers.length, 'reader')}, ${unknown} unknown, in ${counted(hours, 'hour')}.`,
    ],
    bullets(risk.reasons.map(prose)),
    markdownTable(READERS, readers.toSorted(unknownFirst).map(readerRow)),
    reads > 0 ? ['```text', ...hoursChart(assessment, 80), '```'] : [],
    markdownTable(['Event', 'By', 'Times', 'Last (UTC)'], activity.map(activityRow)),
    ["What AWS can't see:", '', ...bullets(blind.map(prose))],
  ];
}

const READERS = ['Reader', 'Known', 'Reads', 'First (UTC)', 'Last (UTC)', 'How'];

const readerRow = (reader: AssessReport['readers'][number]) => [
  escaped(reader.principal),
  reader.known ? 'yes' : '**no**',
  String(reader.reads),
  second(reader.first),
  second(reader.last),
  escaped(traitsOf(reader)),
];

const activityRow = ({ event, principal, count, last }: AssessReport['activity'][number]) => [
  escaped(event),
  escaped(principal),
  String(count),
  second(last),
];

function done({ plan, contained }: EmergencyReport): string[] {
  if (plan.length === 0) return ['Nothing: all had been done before.'];
  const steps = plan.map(({ what, doneAt, failed, later }) => {
    if (failed !== undefined) return `${prose(what)}: **failed**. ${prose(failed)}`;
    if (later !== undefined) return `${prose(what)}: **left to the hourly sweep**. ${prose(later)}`;
    return doneAt ? `${prose(what)}, ${second(doneAt)}` : `${prose(what)}: **not reached**`;
  });
  return [...numbered(steps), ...(contained ? ['', prose(contained.proof)] : [])];
}

function remaining({ emergency, environment, key }: Incident): string[] {
  if (emergency) return emergency.left.map(prose);
  return [
    `If it leaked: \`npx keyctl revoke --env ${environment} --key ${key} --reason "…"\` replaces it and asks for Revoke.`,
  ];
}

function sources(incident: Incident): string[] {
  const { assessment, environment, trailNotRead, check, notChecked } = incident;
  const bound = 'It stopped at its bound: there may be more reads than are told here.';
  return [
    ...(assessment ? [prose(sourceOf(assessment.source))] : []),
    ...(assessment && !assessment.source.complete ? [bound] : []),
    trailNotRead
      ? `The audit trail could not be read: ${prose(trailNotRead.message)}`
      : `Audit trail of the key: log group \`${trailGroupName(environment)}\``,
    ...(check ? [`Amplitude's answer: ${prose(`${check.endpoint} (${check.explanation})`)}`] : []),
    ...(notChecked ? [`Amplitude could not be asked: ${prose(notChecked.message)}`] : []),
  ];
}
