import { describe, expect, it } from 'vitest';
import type { TrailLine } from '../../../bin/operator/trail-line.ts';
import { type Incident, incidentReport } from '../../../bin/terminal/incident-report.ts';
import { assessment, emergency, LEAKED, NEXT, reader } from './emergency-reports.ts';
import { NOW } from './reports.ts';

const line = (second: number, transition: string, more: Partial<TrailLine> = {}): TrailLine => ({
  at: `2026-11-24T02:00:0${second}.000Z`,
  environment: 'prod',
  key: 'server',
  transition,
  by: 'emergency',
  ...more,
});
const CHECK = {
  state: 'compromised',
  fingerprint: LEAKED.fingerprint,
  verdict: 'accepted',
  explanation: 'Amplitude knows this key (HTTP 200)',
  endpoint: 'https://developer-api.amplitude.com/v1/events/check-recent-ingestion',
  at: '2026-11-24T02:00:09.000Z',
} as const;
const TRAIL = [
  line(1, 'compromised', LEAKED),
  line(2, 'promoted', NEXT),
  line(3, 'awaiting-revocation', LEAKED),
];

const WHERE = {
  environment: 'prod',
  key: 'server',
  account: '111122223333',
  region: 'eu-west-1',
  caller: 'arn:aws:sts::111122223333:assumed-role/AmplitudeKeys-prod-responder/ann',
  at: NOW.toISOString(),
  trail: [],
} as const;

const told = (more: Partial<Incident> = {}) =>
  incidentReport({
    ...WHERE,
    emergency: emergency(),
    assessment: assessment(),
    check: CHECK,
    trail: TRAIL,
    ...more,
  });
const time = (what: string, text: string) =>
  new RegExp(`^\\| ${what} \\| (.+) \\|$`, 'm').exec(text)?.[1];

describe('the report of an incident', () => {
  it('begins with its title and the truth, whose link is one', () => {
    const [title, , truth] = told().split('\n');
    expect(title).toBe('# Incident: Amplitude key prod/server, 2026-11-24');
    expect(truth).toMatch(/^\*\*Whoever holds the value .*<https:\/\/app\.amplitude\.com.*\*\*$/);
  });

  it('tells what of a step is left to the sweep, and why', () => {
    const doneAt = '2026-11-24T02:00:01.000Z';
    const plan = [{ what: 'Hand it over', doneAt, later: 'It could not be restarted.' }];
    expect(told({ emergency: emergency({ plan }) })).toContain(
      'Hand it over: **left to the hourly sweep**. It could not be restarted.',
    );
  });

  it('has its parts in order', () => {
    expect([...told().matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual([
      'Times',
      'Timeline',
      'Impact',
      'What was done',
      'What remains',
      'Sources',
    ]);
  });

  it('tells when it was declared, replaced, asked for and not yet rejected', () => {
    const text = told();
    expect(time('Declared', text)).toBe('2026-11-24 02:00:01');
    expect(time('Replaced', text)).toBe('2026-11-24 02:00:02');
    expect(time('Revoke asked for', text)).toBe('2026-11-24 02:00:03');
    expect(time('Rejected by Amplitude', text)).toBe('not yet: Amplitude still accepts it');
  });

  it('takes times of the leaked key only, and no promotion before it was declared', () => {
    const before = { ...line(0, 'promoted'), at: '2026-11-23T02:00:00.000Z' };
    const trail = [before, line(4, 'compromised', NEXT), line(5, 'retired', NEXT)];
    const text = told({ trail });
    expect(time('Declared', text)).toBe('2026-11-24 02:00:00');
    expect(time('Replaced', text)).toBe('no replacement is written down since');
    expect(time('Rejected by Amplitude', text)).toBe('not yet: Amplitude still accepts it');
  });

  it.each([
    ['retired', [line(7, 'retired', LEAKED)], CHECK, '2026-11-24 02:00:07'],
    ['seen to be rejected', [], { ...CHECK, verdict: 'rejected' as const }, '2026-11-24 02:00:09'],
    ['unknown', [], { ...CHECK, verdict: 'unknown' as const }, 'not known yet'],
  ])('tells the end of a key that is %s', (_, trail, check, expected) => {
    expect(time('Rejected by Amplitude', told({ trail, check }))).toBe(expected);
  });

  it('has a timeline of all sources in the order of time', () => {
    const rows = [...told().matchAll(/^\| (2026-\S+ \S+) \| (.+) \| (.+) \|$/gm)];
    const timeline = rows.filter(([, , what]) => !/^\d/.test(what ?? ''));
    const times = timeline.map(([, at]) => at);
    expect(times).toEqual([...times].sort());
    expect(new Set(timeline.map(([, , , source]) => source))).toEqual(
      new Set(['CloudTrail', 'emergency function', 'audit trail, by emergency', 'Amplitude']),
    );
  });

  it('tells failed steps and those not reached', () => {
    const plan = [{ what: 'Promote it', failed: 'AWS throttles it.' }, { what: 'Ask for Revoke' }];
    const text = told({ emergency: emergency({ plan }) });
    expect(text).toContain('1. Promote it: **failed**. AWS throttles it.');
    expect(text).toContain('2. Ask for Revoke: **not reached**');
  });

  it('escapes what is named by others', () => {
    const leaked = { ...LEAKED, name: '*Server* | <b>' };
    const agent = '[click](https://evil.example)';
    const text = told({
      emergency: emergency({ leaked, reason: '_why_' }),
      assessment: assessment({ readers: [reader({ userAgents: [agent] })] }),
    });
    expect(text).toContain('"\\*Server\\* \\| \\<b\\>"');
    expect(text).toContain('Reason: \\_why\\_');
    expect(text).toContain('\\[click\\](https\\://evil.example)');
  });

  it('says what could not be found out', () => {
    const problem = (message: string) => ({ code: 'THROTTLED', message });
    const text = incidentReport({
      ...WHERE,
      emergency: emergency(),
      notAssessed: problem('CloudTrail throttles us.'),
      notChecked: problem('Amplitude throttles us.'),
      trailNotRead: problem('Logs throttle us.'),
    });
    expect(text).toContain('Not assessed: CloudTrail throttles us.');
    expect(text).toContain('Amplitude could not be asked: Amplitude throttles us.');
    expect(text).toContain('The audit trail could not be read: Logs throttle us.');
  });

  it('says when there may be more reads', () => {
    const source = { ...assessment().source, complete: false };
    expect(told({ assessment: assessment({ source }) })).toContain('It stopped at its bound');
    expect(told()).not.toContain('It stopped at its bound');
  });

  it('of an assessment alone says how to revoke', () => {
    const text = incidentReport({ ...WHERE, assessment: assessment() });
    expect(text).toContain('# Impact assessment: Amplitude key prod/server');
    expect(text).toContain('npx keyctl revoke --env prod --key server --reason "…"');
    expect(text).not.toContain('## What was done');
  });
});
