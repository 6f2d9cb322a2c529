import * as fc from 'fast-check';
import pc from 'picocolors';
import { historyOf } from '../../../../bin/operator/history.ts';
import {
  type HistoryReport,
  historyCsv,
  historyPage,
} from '../../../../bin/terminal/history-page.ts';
import { ofJson } from '../inputs.ts';
import type { Parser } from '../parser.ts';

const LINE = {
  at: '2026-11-24T00:00:00.000Z',
  environment: 'dev',
  key: 'web',
  transition: 'promoted',
  by: 'rotation',
  versionId: '1a2b3c4d-0000-4000-8000-000000000001',
  fingerprint: '0123456789ab',
  name: 'web, first',
  detail: 'readable until 2026-12-24T00:00:00.000Z',
};

/** As `keyctl history` reads and prints the lines of a log group. */
function printed(messages: readonly string[]): string {
  const report: HistoryReport = {
    ...historyOf(messages, { since: new Date(0), key: undefined }),
    environment: 'dev',
    account: '111122223333',
    region: 'us-east-1',
    logGroup: '/amplitude/dev/trail',
    at: LINE.at,
    from: null,
  };
  const view = { columns: 80, paint: pc.createColors(false), now: new Date(LINE.at) };
  return [...historyPage(report, view), ...historyCsv(report)].join('\n');
}

/** One line of the audit trail: others than the functions may write to its log group. */
export const trailLines = ofJson([LINE], {
  name: 'audit trail lines',
  limit: 262_144,
  parse: (line) => printed([line, line]),
  fault: (text) =>
    /(?![\n\r])\p{Cc}/u.test(text as string) ? 'it prints what moves a cursor' : undefined,
  told: String,
});

/** A line has about 300 characters; a page of CloudWatch's has up to 10,000 lines. */
const many = (size: number) =>
  Array.from({ length: Math.ceil(size / 300) }, (_, at) =>
    JSON.stringify({ ...LINE, at: new Date(at * 1_000).toISOString(), fingerprint: `f${at}` }),
  );

/** A long one. */
export const wholeTrail: Parser<readonly string[]> = {
  name: 'a whole audit trail',
  limit: 300 * 200_000,
  boundMs: 10_000,
  inputs: fc.nat(200).map((lines) => many(lines * 300)),
  families: fc.constant({ name: 'more lines', of: many }),
  runs: { short: 20, long: 200 },
  climbs: { short: 0, long: 1 },
  parse: printed,
};
