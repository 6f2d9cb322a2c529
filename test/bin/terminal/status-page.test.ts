import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { consumerLines } from '../../../bin/terminal/consumer-lines.ts';
import { type StatusReport, statusPage } from '../../../bin/terminal/status-page.ts';
import type { ConsumerReport, KeyReport } from '../../../lambda/payloads.ts';
import { daysFromNow as day, keyReport, NOW, version } from './reports.ts';

const HOUR = 1 / 24;
const ARN = 'arn:aws:kms:us-east-1:111122223333:key/1b2c3d4e-1111-4222-8333-444455556666';
const CMK = { arn: ARN, state: 'Enabled', rotationEnabled: true, nextRotationAt: day(200) };

function page(report: Partial<StatusReport>, columns = 120): string {
  const rest = { unreadable: [], subscriptions: [], notDeployed: [], notConfigured: [] };
  const where = { environment: 'dev', account: '111122223333', region: 'us-east-1' };
  const whole = { ...where, at: NOW.toISOString(), keys: [], ...rest, ...report };
  return statusPage(whole, { columns, paint: pc.createColors(false), now: NOW }).join('\n');
}

const keyPage = (more: Partial<KeyReport>) => page({ keys: [keyReport(more)] });

describe('the page on a key', () => {
  it.each([
    ['accepted' as const, 'Amplitude accepted it 3 hours ago'],
    ['rejected' as const, 'Amplitude REJECTED it 3 hours ago'],
    ['unknown' as const, 'Amplitude gave no clear answer 3 hours ago'],
  ])('tells that the last check of the current key was %s', (verdict, words) => {
    const told = keyPage({ lastCheck: { at: day(-3 * HOUR), verdict } });
    expect(told).toContain(`Last check of the current key: ${words}`);
  });

  it('says nothing of a check before there was one', () => {
    expect(keyPage({})).not.toContain('Last check');
  });

  it('tells since when a version awaits its revocation', () => {
    const state = 'awaiting-revocation' as const;
    const fingerprint = '3f2a9c01b7de';
    const versions = [version({ state, fingerprint, awaitingSince: day(-4) })];
    expect(keyPage({ versions })).toContain(
      'Awaiting revocation: key 3f2a9c01b7de since 2026-11-20 02:00 UTC (4 days ago); not yet rejected by Amplitude',
    );
  });

  it('tells since when it is rejected, and what that leads to', () => {
    const awaiting = { state: 'awaiting-revocation' as const, awaitingSince: day(-4) };
    const versions = [version({ ...awaiting, rejectedSince: day(-2 * HOUR) })];
    expect(keyPage({ versions }).replace(/\s+/g, ' ')).toContain(
      'rejected since 2026-11-24 00:00 UTC (2 hours ago), retired after 6 hours of it',
    );
  });

  it('draws its timeline, and none for a placeholder', () => {
    expect(keyPage({ promotedAt: day(-3), dueAt: day(87) })).toMatch(/\n\n {2}●━+▲─+○\n.+\n\n/);
    expect(keyPage({})).not.toContain('▲');
  });
});

describe('the page on who reads a key', () => {
  const since = day(-2 * HOUR);
  const principal = 'arn:aws:iam::111122223333:role/dify';
  const dify = (more: Partial<ConsumerReport>) =>
    keyPage({ consumers: [{ principal, service: 'dify/web', since, ...more }] }).replace(
      /\s+/g,
      ' ',
    );

  it.each([
    [{ standing: 'has it' as const }, 'has it'],
    [{ standing: 'restarting' as const }, 'restarting, current since 2 hours ago'],
    [
      { standing: 'still on the previous key' as const },
      'still on the previous key, current since 2 hours ago',
    ],
    [
      { standing: 'failed' as const, why: 'it was rolled back' },
      'failed, it was rolled back, current since 2 hours ago',
    ],
    [{ standing: 'unknown' as const, why: 'AWS denied it.' }, 'unknown, AWS denied it.'],
    [{ standing: 'not found' as const, why: 'ECS knows none.' }, 'not found, ECS knows none.'],
    [{}, 'no key to hand over'],
  ])('tells how far an ECS service is: %o', (more, words) => {
    expect(dify(more)).toContain(
      `Consumer ECS service dify/web (arn:aws:iam::111122223333:role/dify): ${words}`,
    );
  });

  it('is red where a person has to look, green where it has the key', () => {
    const paint = pc.createColors(true);
    const lines = (standing: NonNullable<ConsumerReport['standing']>) =>
      consumerLines(keyReport({ consumers: [{ principal, service: 'dify/web', standing }] }), {
        columns: 120,
        paint,
        now: NOW,
      }).join();
    expect(lines('has it')).toContain(paint.green('has it'));
    expect(lines('restarting')).toContain(paint.yellow('restarting'));
    expect(lines('failed')).toContain(paint.red('failed'));
  });

  it('tells who reads it by itself, and when a grant ends or ended', () => {
    const consumers = [
      { principal: 'PrincipalTag/team=web', expires: day(7) },
      { principal, expires: day(-1) },
    ];
    expect(keyPage({ consumers })).toContain(
      'Consumer PrincipalTag/team=web: reads it by itself; its grant ends in 7 days',
    );
    expect(keyPage({ consumers })).toContain('its grant ended 1 day ago');
  });

  it('says nothing of them when a function of an earlier version reports none', () => {
    expect(keyPage({})).not.toContain('Consumer');
  });
});

describe('the page on the CMK', () => {
  it.each([
    [CMK, 'CMK: Enabled, rotation on, next 2027-06-12 02:00 UTC (in 200 days)'],
    [
      { ...CMK, rotationEnabled: false },
      'CMK: Enabled, rotation off: aws kms enable-key-rotation --key-id',
    ],
    [
      { ...CMK, state: 'Disabled' },
      `CMK: Disabled, so no key can be read. If this is no lockdown: aws kms enable-key --key-id ${ARN}`,
    ],
    [
      { ...CMK, state: 'PendingDeletion' },
      `every key is lost with it. If that isn't meant: aws kms cancel-key-deletion --key-id ${ARN}`,
    ],
    [
      { ...CMK, state: 'Unavailable' },
      `CMK: Unavailable, so no key can be read. Look at it: aws kms describe-key --key-id ${ARN}`,
    ],
  ])('tells of %o', (cmk, words) => {
    expect(page({ cmk }, 300)).toContain(words);
  });

  it('says why it could not be asked', () => {
    const cmkUnreadable = 'DescribeKey of the CMK failed: AWS denied it.';
    expect(page({ cmkUnreadable })).toContain(
      'CMK: could not be asked. DescribeKey of the CMK failed: AWS denied it.',
    );
  });

  it('says nothing when a function of an earlier version reports none', () => {
    expect(page({})).not.toContain('CMK');
  });
});

describe('the page on the access guard', () => {
  it.each([
    [{ latestReadAt: day(-HOUR / 5) }, 'Access guard: latest read 12 minutes ago'],
    [
      { latestReadAt: day(-3.5 * HOUR) },
      'has seen no read since 2026-11-23 22:30 UTC (3 hours ago)',
    ],
    [
      {},
      'has seen no read yet. Every sweep makes some: is there a trail of this account in this Region',
    ],
    [{ unreadable: 'GetItem failed.' }, 'Access guard: could not be asked. GetItem failed.'],
  ])('tells of %j', (guard, words) => {
    expect(page({ guard }, 300)).toContain(words);
  });

  it.each([
    [{ answer: 'observe' as const }, 'Access guard (only observes): latest read 12 minutes ago\n'],
    [
      { answer: 'quarantine' as const, quarantined: 0 },
      'Access guard (quarantines): latest read 12 minutes ago\n',
    ],
    [
      { answer: 'quarantine' as const, quarantined: 1 },
      '12 minutes ago\n  1 quarantine: npx keyctl quarantine list --env dev\n',
    ],
    [{ quarantined: 3 }, '12 minutes ago\n  3 quarantines: npx keyctl quarantine list --env dev\n'],
  ])('tells what it does about it: %j', (more, words) => {
    const guard = { latestReadAt: day(-HOUR / 5), ...more };
    expect(page({ guard, keys: [keyReport()] })).toContain(words);
  });

  it('says nothing where there is none', () => {
    expect(page({})).not.toContain('Access guard');
  });
});

describe('the page on the relay', () => {
  it('says which key it sends with, and what tells how it stands', () => {
    expect(page({ relay: { key: 'web' } })).toContain(
      '\nRelay (sends with key web): npx keyctl relay status --env dev',
    );
  });

  it('leaves its command whole on a narrow terminal', () => {
    expect(page({ relay: { key: 'web' } }, 40)).toContain(
      '\nRelay (sends with key web):\n  npx keyctl relay status --env dev',
    );
  });

  it('says nothing where there is none', () => {
    expect(page({})).not.toContain('Relay');
  });
});
