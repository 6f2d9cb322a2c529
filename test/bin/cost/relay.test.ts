import { describe, expect, it } from 'vitest';
import { billOf } from '../../../bin/cost/bill.ts';
import { costOf } from '../../../bin/cost/line.ts';
import { costPage } from '../../../bin/cost/page.ts';
import { readTemplate } from '../../../bin/cost/template.ts';
import { FakeTerminal } from '../desk/fake-terminal.ts';
import { SMALL, templateOf } from './templates.ts';

/** What a relay adds to a template, in an environment of this name. */
const relayIn = (environment: string) =>
  ({
    Intake: [
      'AWS::Lambda::Function',
      {
        FunctionName: `amplitude-${environment}-relay-intake`,
        Architectures: ['arm64'],
        MemorySize: 512,
        LoggingConfig: { LogGroup: { Ref: 'IntakeLogs' } },
      },
    ],
    IntakeLogs: [
      'AWS::Logs::LogGroup',
      { LogGroupName: `/aws/lambda/amplitude-${environment}-relay-intake`, RetentionInDays: 365 },
    ],
    Queue: ['AWS::SQS::Queue', { QueueName: `amplitude-${environment}-relay` }],
    Failed: ['AWS::SQS::Queue', { QueueName: `amplitude-${environment}-relay-failed` }],
    Table: ['AWS::DynamoDB::Table', { TableName: `amplitude-${environment}-relay` }],
    Token: ['AWS::SecretsManager::Secret', { Name: `amplitude-relay/${environment}/token` }],
    Digest: ['AWS::SecretsManager::Secret', { Name: `amplitude-relay/${environment}/digest-key` }],
    Wakes: [
      'AWS::Scheduler::Schedule',
      {
        Name: `amplitude-${environment}-relay-sender`,
        ScheduleExpression: 'rate(15 minutes)',
        Target: { Arn: { 'Fn::GetAtt': ['Sender', 'Arn'] } },
      },
    ],
    Api: ['AWS::ApiGatewayV2::Api', { Name: `amplitude-${environment}-relay` }],
    Route: ['AWS::ApiGatewayV2::Route'],
    Held: [
      'AWS::CloudWatch::Alarm',
      { Dimensions: [{ Name: 'service', Value: 'amplitude-relay-sender' }] },
    ],
    Flood: [
      'AWS::CloudWatch::Alarm',
      {
        Metrics: [
          { Id: 'sum', Expression: 'a + b' },
          ...['Invocations', 'Throttles'].map((MetricName) => ({
            MetricStat: {
              Metric: {
                MetricName,
                Dimensions: [
                  { Name: 'FunctionName', Value: `amplitude-${environment}-relay-intake` },
                ],
              },
            },
          })),
        ],
      },
    ],
  }) as const;

const bill = (more: Parameters<typeof templateOf>[0] = relayIn('dev')) =>
  billOf(readTemplate(templateOf({ ...SMALL, ...more })), { reads: 1_000, freeDashboards: 3 });
const countOf = (what: string) =>
  bill().lines.find((one) => one.group === 'relay' && one.what === what)?.counts[2];

describe('the bill of a relay', () => {
  it.each(['dev', 'relay', 'my-relay'])(
    'is the sum of its lines, and leaves the others as they are, in an environment %s',
    (environment) => {
      const { lines, relay, total, base, perKey, unpriced } = bill(relayIn(environment));
      const own = lines.filter(({ group }) => group === 'relay');
      const sum = own.reduce((all, line) => all + costOf(line)[2], 0);
      expect(relay?.month[2]).toBeCloseTo(sum, 10);
      expect(total[2]).toBeCloseTo(base[2] + perKey[2] + sum, 10);
      const without = bill({});
      expect(lines.filter(({ group }) => group !== 'relay')).toEqual(without.lines);
      expect(without).not.toHaveProperty('relay');
      expect(unpriced).toEqual([]);
    },
  );

  it('takes nothing of an environment that is called like it', () => {
    const others = {
      Rotation: [
        'AWS::Lambda::Function',
        { ...SMALL.Rotation[1], FunctionName: 'amplitude-my-relay-rotation' },
      ],
      Alarm: [
        'AWS::CloudWatch::Alarm',
        { Dimensions: [{ Name: 'environment', Value: 'my-relay' }], Period: 300 },
      ],
    } as const;
    expect(bill(others).lines).toEqual(bill({}).lines);
  });

  it('counts its metrics, its alarms and secrets, and the queue that is asked all the time', () => {
    expect([countOf('metrics'), countOf('alarms')]).toEqual([9, 3]);
    expect(countOf('secrets, of its token and of digests')).toBe(2);
    expect(countOf('SQS requests')).toBe(5 * 3 * 60 * 730);
    expect(countOf('looks started by Scheduler')).toBe(4 * 730);
  });

  it('has a section of its own on the page, a sum, and what executions add', () => {
    const report = { bills: [{ environment: 'dev', ...bill() }], notes: [], unpriced: [] };
    const terminal = new FakeTerminal({ columns: 80 });
    const page = costPage(
      { ...report, total: bill().total },
      { columns: 80, paint: terminal.paint, now: new Date(0) },
    ).join('\n');
    expect(page).toContain('  Relay, before anything is sent to it\n');
    expect(page).toMatch(/Each million executions costs \$1\d\.\d\d more\./);
    expect(page).toMatch(/^ {2}relay( +\$\d+\.\d\d){3}$/m);
    expect(page).toMatch(/^ {2}base and 1 key, relayed( +\$\d+\.\d\d){3}$/m);
  });
});
