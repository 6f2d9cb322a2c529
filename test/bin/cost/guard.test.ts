import { describe, expect, it } from 'vitest';
import { billOf } from '../../../bin/cost/bill.ts';
import { costOf } from '../../../bin/cost/line.ts';
import { costPage } from '../../../bin/cost/page.ts';
import { readTemplate } from '../../../bin/cost/template.ts';
import { FakeTerminal } from '../desk/fake-terminal.ts';
import { SMALL, templateOf } from './templates.ts';

const GUARD = {
  Guard: [
    'AWS::Lambda::Function',
    {
      FunctionName: 'amplitude-dev-access-guard',
      Architectures: ['arm64'],
      MemorySize: 512,
      LoggingConfig: { LogGroup: { Ref: 'GuardLogs' } },
    },
  ],
  GuardLogs: [
    'AWS::Logs::LogGroup',
    { LogGroupName: '/aws/lambda/amplitude-dev-access-guard', RetentionInDays: 365 },
  ],
  Usage: ['AWS::Logs::LogGroup', { LogGroupName: '/amplitude/dev/usage', RetentionInDays: 365 }],
  Queue: ['AWS::SQS::Queue', { QueueName: 'amplitude-dev-access-guard' }],
  Table: ['AWS::DynamoDB::Table', { TableName: 'amplitude-dev-access-guard' }],
  Blind: [
    'AWS::CloudWatch::Alarm',
    { Dimensions: [{ Name: 'service', Value: 'amplitude-access-guard' }] },
  ],
} as const;

const bill = (reads = 1_000, more: Parameters<typeof templateOf>[0] = GUARD) =>
  billOf(readTemplate(templateOf({ ...SMALL, ...more })), { reads, freeDashboards: 3 });
const countOf = (what: string, { lines } = bill()) =>
  lines.find((one) => one.group === 'guard' && one.what === what)?.counts[2];

describe('the bill of an access guard', () => {
  it('is the sum of its lines, and leaves the lines of the others as they are', () => {
    const { lines, guard, total, base, perKey } = bill();
    const own = lines.filter(({ group }) => group === 'guard');
    const sum = own.reduce((all, line) => all + costOf(line)[2], 0);
    expect(guard?.month[2]).toBeCloseTo(sum, 10);
    expect(total[2]).toBeCloseTo(base[2] + perKey[2] + sum, 10);
    const without = bill(1_000, {});
    expect(lines.filter(({ group }) => group !== 'guard')).toEqual(without.lines);
    expect(without).not.toHaveProperty('guard');
  });

  it('counts four metrics, its alarm, and the queue that is asked all the time', () => {
    expect([countOf('metrics'), countOf('alarms')]).toEqual([4, 1]);
    expect(countOf('SQS requests', bill(0))).toBeGreaterThan(5 * 3 * 60 * 730);
  });

  it('grows with reads, but asks what is known of the keys every five minutes at most', () => {
    const calls = (reads: number) => countOf('Secrets Manager calls', bill(reads));
    expect(calls(0)).toBe(0);
    expect(calls(1_000)).toBe(4_000);
    expect(calls(1_000_000)).toBe(730 * 12 * 4);
    const writes = (reads: number) => countOf('DynamoDB writes', bill(reads)) ?? 0;
    // What one event alone writes at most.
    expect(writes(2_000_000) - writes(1_000_000)).toBeCloseTo(13_000_000);
  });

  it('sees a key described and read twice by every sweep, and by each of its own questions', () => {
    const more = { ...GUARD, Another: ['AWS::SecretsManager::Secret'] } as const;
    const runs = (reads: number, of: Parameters<typeof bill>[1] = GUARD) =>
      countOf('Lambda runs', bill(reads, of)) ?? 0;
    expect(runs(0, more) - runs(0)).toBeCloseTo(730 * 3);
    // An event itself, an inventory, and the four calls that this makes.
    expect(runs(2) - runs(1)).toBeCloseTo(1 + 1 + 4);
  });

  it('keeps its log lines for a year', () => {
    const kept = bill().lines.find(
      ({ group, what }) => group === 'guard' && what === 'GB of logs kept',
    );
    expect(kept?.counts[1]).toBeCloseTo(kept?.counts[2] ?? 0, 2);
  });

  it('has a section of its own on the page, and a sum', () => {
    const report = { bills: [{ environment: 'dev', ...bill() }], notes: [], unpriced: [] };
    const terminal = new FakeTerminal({ columns: 80 });
    const page = costPage(
      { ...report, total: bill().total },
      { columns: 80, paint: terminal.paint, now: new Date(0) },
    ).join('\n');
    expect(page).toContain('  Access guard\n');
    expect(page).toMatch(/A flood costs up to \$2\.\d\d for each million events\./);
    expect(page).toMatch(/^ {2}base and 1 key, guarded( +\$\d+\.\d\d){3}$/m);
  });
});
