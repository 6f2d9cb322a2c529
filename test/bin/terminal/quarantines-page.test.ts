import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { quarantinesPage } from '../../../bin/terminal/quarantines-page.ts';
import type { QuarantinesReport } from '../../../lambda/payloads.ts';
import { hoursAgo } from './emergency-reports.ts';
import { INTERN, quarantines, SHOP, SIGN_IN } from './quarantine-reports.ts';
import { NOW } from './reports.ts';

const PLACE = { account: '111122223333', region: 'eu-west-1' };
const lines = (more: Partial<QuarantinesReport>, columns = 160, isColoured = false) =>
  quarantinesPage(
    { ...quarantines(more), ...PLACE },
    { columns, paint: pc.createColors(isColoured), now: NOW },
  );
const page = (more: Partial<QuarantinesReport>) => lines(more).join('\n');

describe('the page of quarantines', () => {
  it('tells who, what is denied, why, since and until when, and what to run next', () => {
    expect(lines({ quarantines: [INTERN] }, 300).join('\n')).toBe(
      [
        'Quarantines of prod, account 111122223333, Region eu-west-1, 2026-11-24 02:00 UTC',
        'Denied every key of the environment:',
        '',
        '  0123abcd  role/intern, risk 97',
        '    denied  principal arn:aws:iam::111122223333:role/intern',
        '    denied  session AROAEXAMPLEINTERN0000:laptop',
        '    denied  address 198.51.100.23',
        '    for     a read of server, event 5c6d7e8f-1111-4222-8333-444455556666',
        `    why     ${INTERN.reasons.join('; ')}`,
        '    since   2026-11-24 00:00 UTC (2 hours ago)',
        '    until   2026-11-25 00:00 UTC (in 22 hours)',
        '    What else it read: npx keyctl assess --env prod --key server',
        '    If it is one of yours: npx keyctl quarantine release 0123abcd --env prod',
      ].join('\n'),
    );
  });

  it('names no key to look into after a sign-in', () => {
    const told = page({ quarantines: [SIGN_IN] });
    expect(told).toContain('    for     a sign-in, event ');
    expect(told).not.toContain('keyctl assess');
  });

  it('says of one whose end has come that the sweep takes it off', () => {
    expect(page({ quarantines: [{ ...SHOP, until: hoursAgo(1) }] })).toContain(
      'until   2026-11-24 01:00 UTC (1 hour ago); the hourly sweep takes it off',
    );
  });

  it('names the keys where the tags are not yet as they are to be', () => {
    expect(page({ pending: ['server', 'export'] })).toContain(
      "Not done yet: server, export. The policies there don't deny as they are to; the hourly sweep sees to it.",
    );
  });

  it('says that none of them is denied anything once the guard only observes', () => {
    expect(page({ answer: 'observe' })).toContain(
      'Its access guard only observes since a deployment: no policy denies these anything now.',
    );
  });

  it.each([
    ['quarantine' as const, 'Nobody is quarantined.'],
    ['observe' as const, 'npx cdk deploy AmplitudeKeys-prod'],
    [undefined, 'It has no access guard, so nobody is ever quarantined.'],
  ])('says what it means that nobody is, where the answer is %s', (answer, words) => {
    const { answer: _, ...rest } = quarantines({ quarantines: [] });
    const report = { ...rest, ...(answer ? { answer } : {}), ...PLACE };
    const view = { columns: 400, paint: pc.createColors(false), now: NOW };
    const [, meaning, ...more] = quarantinesPage(report, view);
    expect(meaning).toContain(words);
    expect(more).toEqual([]);
  });

  it.each([40, 60])(
    'stays within %i columns, but for what has no space or is to be copied',
    (columns) => {
      const long = lines({ pending: ['server'] }, columns).filter((line) => line.length > columns);
      expect(long.filter((line) => !/^\s*(?:npx \S.*|\S+)$/.test(line))).toEqual([]);
    },
  );

  it('has colours on a terminal only', () => {
    expect(lines({}, 160, true).join()).toContain('\u001b[31mrisk 97');
    expect(page({})).not.toContain('\u001b');
  });
});
