import type { Notice } from '../ports.ts';
import { type News, newsOf } from './answer/news.ts';
import { answerTold } from './answer/told.ts';
import { sourceOf } from './call.ts';
import type { Finding, Judged } from './judge.ts';
import type { RuleCode } from './rules.ts';
import { principalTold, safe } from './usage-line.ts';

/** One thing to be told: of the same rule, key and principal or source once a day. */
export interface Report {
  /** What it is remembered by. */
  readonly id: string;
  /** Reports of one group go into one message. */
  readonly group: string;
  /** What its messages are counted by, against a flood; absent of what has to be known. */
  readonly counted?: string;
  readonly headline: string;
  readonly code: RuleCode;
  readonly key: string | undefined;
  readonly finding: Finding;
  /** The first event of it, and all events. */
  readonly judged: Judged;
  readonly events: readonly string[];
}

/** Everything that a batch found, each thing once. */
export function reportsOf(all: readonly Judged[]): Report[] {
  const found = all.flatMap((judged) => toldOf(judged).map((finding) => ({ finding, judged })));
  const same = Map.groupBy(found, ({ finding, judged }) => idOf(finding, judged));
  return [...same].flatMap(([id, some]) => {
    const [first] = some;
    if (!first) return [];
    const { finding, judged } = first;
    const { code } = finding.rule;
    const key = keyOf(finding, judged);
    const news = newsIn(finding, judged);
    const kind = news ? `${code} ${news.headline}` : code;
    const counted = news?.isUrgent ? {} : { counted: kind };
    const headline = news?.headline ?? HEADLINE[code];
    const events = some.map((one) => one.judged.case.call.id);
    // The last one of several counts highest
    const latest = some.at(-1)?.finding ?? finding;
    const told = { group: `${kind} ${key ?? ''}`, ...counted, headline, code, key };
    return [{ id, ...told, finding: latest, judged, events }];
  });
}

/** What a high risk tells in its own words, of the same principal: one message is enough. */
const TOLD_BY_RISK: readonly RuleCode[] = [
  'no-grant',
  'outside-allowed-ranges',
  'in-denied-ranges',
  'human-without-mfa',
  'sign-in',
];

function toldOf({ findings }: Judged): readonly Finding[] {
  const isHigh = findings.some(({ rule }) => rule.code === 'high-risk');
  return isHigh ? findings.filter(({ rule }) => !TOLD_BY_RISK.includes(rule.code)) : findings;
}

function idOf(finding: Finding, judged: Judged): string {
  const { call } = judged.case;
  const who = finding.rule.who?.(call);
  const told = who === undefined ? principalTold(call) : safe(who, 2_048);
  const news = newsIn(finding, judged);
  // Who is denied is denied every key
  const isOfAll = news?.isUrgent && !judged.answer?.isRevoked;
  const key = isOfAll ? '' : safe(keyOf(finding, judged) ?? '');
  return ['report', finding.rule.code, key, told, finding.grade, news?.id]
    .filter((part) => part !== undefined)
    .join(' ');
}

const newsIn = ({ rule }: Finding, { answer }: Judged): News | undefined =>
  rule.code === 'high-risk' && answer ? newsOf(answer) : undefined;

/** A source reads whatever keys it likes. */
const keyOf = ({ rule }: Finding, { case: { key } }: Judged) =>
  rule.code === 'too-many-reads-from-source' ? undefined : key;

/** A mail or chat message shows so many well. */
const MOST_REPORTS = 20;
/** Characters: a risk has three factors, each with its reasons. */
const MOST_REASON = 600;

const HEADLINE: Readonly<Record<RuleCode, string>> = {
  'too-many-reads-of-key': 'too many reads',
  'too-many-reads-from-source': 'too many reads from one source',
  'no-grant': 'read without a grant',
  'outside-allowed-ranges': 'read from outside the allowed ranges',
  'in-denied-ranges': 'read from a denied range',
  'human-without-mfa': 'read by a person without MFA',
  'by-version-id': 'read by version id',
  'denied-read': 'a read was denied',
  'trail-changed': 'a CloudTrail trail was changed',
  'policy-changed': 'a policy was changed',
  'secret-moved': 'its secret was copied or encrypted otherwise',
  'cmk-disabled': 'the CMK is being turned off',
  'sign-in': 'a sign-in worth a look',
  'high-risk': 'a use of high risk',
};

/** One message for the reports of a group. @param isLast no more messages of the kind for an hour */
export function noticeOf(
  environment: string,
  record: string,
  reports: readonly Report[],
  isLast: boolean,
): Notice {
  const [first] = reports;
  if (!first) throw new Error('A message needs a report.');
  const more = reports.length - MOST_REPORTS;
  const whose = first.key
    ? `Amplitude key ${environment}/${safe(first.key)}`
    : `Amplitude keys of ${environment}`;
  return {
    subject: `${whose}: ${first.headline}`,
    parts: [
      {
        happened: [
          ...reports.slice(0, MOST_REPORTS).flatMap((report) => linesOf(report, environment)),
          ...(more > 0 ? [`And ${more} more, in the usage record ${record}.`] : []),
          ...(isLast
            ? [
                `No more messages of this kind within the hour: what follows is in the usage record ${record}.`,
              ]
            : []),
        ],
        todo: `${first.finding.rule.look} The usage record ${record} has the event by its id.`,
      },
    ],
  };
}

/** What happened, and a line for each thing that was done about it. */
function linesOf({ finding, judged, events }: Report, environment: string): string[] {
  const { call } = judged.case;
  const by = [
    `By ${principalTold(call)}`,
    ...(call.session ? [`session ${safe(call.session)}`] : []),
    `from ${safe(sourceOf(call))}`,
    ...(call.userAgent ? [`with ${safe(call.userAgent)}`] : []),
  ].join(', ');
  const times = events.length > 1 ? ` and ${events.length - 1} more` : '';
  const { answer } = judged;
  const done = finding.rule.code === 'high-risk' && answer ? answerTold(answer, environment) : [];
  const happened = `${call.at.toISOString()}: ${safe(finding.reason, MOST_REASON)}. ${by}. Event ${call.id}${times}.`;
  return [happened, ...done];
}
