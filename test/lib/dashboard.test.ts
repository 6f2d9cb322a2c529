import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { guardMetric, metric, relayMetric } from '../../lambda/contract.ts';
import { resourcesOf, synthesize } from './synthesized.ts';

interface Widget {
  readonly type: string;
  readonly y: number;
  readonly width: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The fields that a log line may have. */
const LOGGED = readFileSync(new URL('../../lambda/log.ts', import.meta.url), 'utf8');

const template = synthesize();
const dashboards = resourcesOf(template, 'AWS::CloudWatch::Dashboard');
const { widgets } = bodyOf(dashboards[0]?.Properties.DashboardBody);
const [withGuard] = resourcesOf(synthesize({ accessGuard: {} }), 'AWS::CloudWatch::Dashboard');
const { widgets: guarded } = bodyOf(withGuard?.Properties.DashboardBody);
const [withRelay] = resourcesOf(
  synthesize({ relay: { key: 'web' } }),
  'AWS::CloudWatch::Dashboard',
);
const { widgets: relayed } = bodyOf(withRelay?.Properties.DashboardBody);

/** What CloudFormation joins, with `<{Ref:…}>` in place of each reference. */
function bodyOf(body: unknown): { readonly widgets: readonly Widget[] } {
  const [, parts] = (body as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
  const text = parts.map((part) =>
    typeof part === 'string' ? part : `<${JSON.stringify(part).replaceAll('"', '')}>`,
  );
  return JSON.parse(text.join(''));
}

function metricsShown(all = widgets): string[][] {
  return all
    .flatMap(({ properties }) => (properties.metrics as unknown[][] | undefined) ?? [])
    .map((row) => row.filter((part) => typeof part === 'string'));
}

describe('the dashboard', () => {
  it('is one per environment, so that three environments cost nothing', () => {
    expect(dashboards.map(({ Properties }) => Properties.DashboardName)).toEqual([
      'AmplitudeKeys-dev',
    ]);
  });

  it('shows every metric of the keys but the one that only the sweep itself is judged by', () => {
    const shown = metricsShown().filter(([namespace]) => namespace === 'AmplitudeKeys');
    const names = new Set(shown.map(([, name]) => name));
    const { keysNotSwept, ...rest } = metric;
    expect(names).toEqual(new Set(Object.values(rest)));
    for (const [, , ...dimensions] of shown) {
      expect(dimensions).toEqual([
        'environment',
        'dev',
        'service',
        expect.stringMatching(/^amplitude-(lifecycle|rotation)$/),
      ]);
    }
  });

  it('shows each key in a row, from what the sweep logs of it', () => {
    const queries = widgets.map(({ properties }) => String(properties.query ?? ''));
    const [row] = queries.filter((query) => query.includes('message = "Key swept"'));
    expect(row).toContain("SOURCE '/aws/lambda/amplitude-dev-lifecycle'");
    for (const name of [
      'days_until_rotation',
      'staged_key_ready',
      'current_key_accepted',
      'hand_over_failed',
    ]) {
      expect(row).toContain(`latest(metadata.${name})`);
      expect(LOGGED).toContain(`'${name}'`);
    }
    expect(row).toContain('by metadata.key');
  });

  it('shows errors and duration of every function', () => {
    const shown = metricsShown().filter(([namespace]) => namespace === 'AWS/Lambda');
    const names = shown.map(([, name, , lambda]) => `${name} ${lambda}`).toSorted();
    const nouns = ['emergency', 'inspect', 'lifecycle', 'rotation'];
    const functions = nouns.map((noun) => `amplitude-dev-${noun}`);
    expect(names).toEqual([
      ...functions.map((name) => `Duration ${name}`),
      ...functions.map((name) => `Errors ${name}`),
    ]);
  });

  it('shows the state of every alarm', () => {
    const status = widgets.find(({ type }) => type === 'alarm');
    const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm');
    expect(status?.properties.alarms).toHaveLength(alarms.length);
  });

  it('shows the latest lines of the audit trail, and says what became of which key', () => {
    const queries = widgets.map(({ properties }) => String(properties.query ?? ''));
    const query = queries.find((one) => one.includes('transition'));
    expect(query).toMatch(/^SOURCE '<{Ref:Trail/);
    for (const field of ['at', 'key', 'transition', 'by', 'fingerprint']) {
      expect(query).toMatch(new RegExp(`\\b${field}\\b`));
    }
  });

  it.each([
    ['without a guard', widgets],
    ['with one', guarded],
    ['with a relay', relayed],
  ])('fills its rows, %s', (_, all) => {
    const widths: Record<number, number> = {};
    for (const { y, width } of all) widths[y] = (widths[y] ?? 0) + width;
    expect(new Set(Object.values(widths))).toEqual(new Set([24]));
  });

  it('shows who read keys in which hour, each event once, where there is a guard', () => {
    const queries = (all: readonly Widget[]) =>
      all
        .map(({ properties }) => String(properties.query ?? ''))
        .filter((one) => one.includes('API_KEY_USED'));
    expect(queries(widgets)).toEqual([]);
    const [query] = queries(guarded);
    expect(query).toMatch(/^SOURCE '<{Ref:AccessGuardUsage/);
    expect(query).toContain('count_distinct(event_id) as reads by bin(1h) as hour, principal');
  });

  it('shows what the guard counts, and its function with the others', () => {
    const shown = metricsShown(guarded).map(([, name, , , , service]) => [name, service]);
    for (const name of Object.values(guardMetric)) {
      expect(shown).toContainEqual([name, 'amplitude-access-guard']);
    }
    const lambda = metricsShown(guarded).filter(([namespace]) => namespace === 'AWS/Lambda');
    expect(lambda.map(([, , , name]) => name)).toContain('amplitude-dev-access-guard');
  });

  it('shows the uses of the riskiest from the score on that is told, where there is a guard', () => {
    const risky = (all: readonly Widget[]) =>
      all
        .map(({ properties }) => String(properties.query ?? ''))
        .filter((one) => /risk >=/.test(one));
    expect(risky(widgets)).toEqual([]);
    const [query = ''] = risky(guarded);
    expect(query).toMatch(/^SOURCE '<{Ref:AccessGuardUsage/);
    expect(query).toContain('filter risk >= 40');
    for (const field of [
      'risk',
      'answer',
      'principal',
      'api_key_name',
      'ip_address',
      'vpc_endpoint',
    ]) {
      expect(query).toMatch(new RegExp(`^\\| fields .*\\b${field}\\b`, 'm'));
    }
    expect(query).toMatch(/\| dedup event_id\n\| limit 50$/);
    const other = synthesize({ accessGuard: { notifyAt: 55 } });
    const [board] = resourcesOf(other, 'AWS::CloudWatch::Dashboard');
    const { widgets: others } = bodyOf(board?.Properties.DashboardBody);
    expect(risky(others)[0]).toContain('filter risk >= 55');
  });

  it('and takes the reasons out of a line of the usage record as they are written', () => {
    const query = guarded.map(({ properties }) => String(properties.query ?? '')).join('\n');
    const [, pattern = ''] = /^\| parse @message \/(.*)\/$/m.exec(query) ?? [];
    const line = JSON.stringify({
      reasons: ['no-grant'],
      risk: 90,
      risk_reasons: ['a place [vpce-1] where it never was', 'a "new" agent'],
      trace_id: '1',
    });
    expect(new RegExp(pattern).exec(line)?.groups).toEqual({
      reasons: '"a place [vpce-1] where it never was","a \\"new\\" agent"',
    });
  });

  it('shows the highest risk over time, and the quarantines', () => {
    const titled = guarded.filter(({ properties }) =>
      /^Risk of uses/.test(String(properties.title)),
    );
    const shown = titled
      .flatMap(({ properties }) => properties.metrics as unknown[][])
      .map((row) => [row[1], row.at(-1)]);
    expect(shown).toEqual([
      ['GuardHighestRisk', expect.objectContaining({ stat: 'Maximum' })],
      ['GuardQuarantines', expect.objectContaining({ stat: 'Sum', yAxis: 'right' })],
    ]);
  });

  it('shows what the relay counts, how long its queues are, and its functions with the others', () => {
    const own = metricsShown(relayed).filter(([, , , , , service]) => /relay/.test(service ?? ''));
    expect(own.map(([, name, , , , service]) => `${name} of ${service}`).toSorted()).toEqual(
      [
        ...['received', 'refused', 'unavailable', 'scrubbed'].map((name) => [name, 'intake']),
        ...['sent', 'failed', 'waitingSeconds', 'delaySeconds', 'held'].map((name) => [
          name,
          'sender',
        ]),
      ]
        .map(([name, noun]) => `${relayMetric[name as 'held']} of amplitude-relay-${noun}`)
        .toSorted(),
    );
    expect(own).toHaveLength(Object.keys(relayMetric).length);
    const queues = metricsShown(relayed).filter(([namespace]) => namespace === 'AWS/SQS');
    expect(queues.map(([, name, , queue]) => [queue, name])).toEqual([
      ['amplitude-dev-relay', 'ApproximateNumberOfMessagesVisible'],
      ['amplitude-dev-relay-failed', 'ApproximateNumberOfMessagesVisible'],
      ['amplitude-dev-relay', 'ApproximateAgeOfOldestMessage'],
    ]);
    const lambdas = metricsShown(relayed).map(([, name, , lambda]) => `${name} ${lambda}`);
    for (const noun of ['intake', 'sender']) {
      expect(lambdas).toContain(`Errors amplitude-dev-relay-${noun}`);
    }
    expect(lambdas).toContain('Throttles amplitude-dev-relay-intake');
    expect(JSON.stringify(widgets)).not.toMatch(/relay/i);
  });
});
