import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { nextSteps } from '../../../bin/operator/relay/next-steps.ts';
import type { RelayStatus } from '../../../bin/operator/relay/status.ts';
import { relayStatusPage } from '../../../bin/terminal/relay-status-page.ts';
import { NOW } from './reports.ts';

const none = { visible: 0, inFlight: 0, delayed: 0 };

function page(more: Partial<RelayStatus>, isColoured = false): string {
  const known = { environment: 'prod', key: 'server', waiting: none, failed: none, ...more };
  const place = { account: '111122223333', region: 'eu-west-1', at: NOW.toISOString() };
  const status = { ...place, unreadable: [], ...known, todo: nextSteps(known) };
  const view = { columns: 600, paint: pc.createColors(isColoured), now: NOW };
  return relayStatusPage(status, view).join('\n');
}

describe('the page of a relay', () => {
  it.each([
    ['Enabled', 'handed events\n', 'nothing.'],
    ['Enabling', 'being changed (Enabling)\n', 'nothing.'],
    ['Disabling', 'held back, as no key', 'npx keyctl verify --env prod --key server'],
    ['Disabled', 'held back, as no key', 'goes on by itself within 15 minutes'],
    ['Missing', 'handed none\n', 'npx cdk deploy AmplitudeKeys-prod'],
  ])('tells of a feed that is %s', (state, words, next) => {
    const [told = '', steps = ''] = page({ feed: { state } }).split('\n\nNext: ');
    expect(told).toContain(`Sends with key prod/server: ${words}`);
    expect(steps).toContain(next);
  });

  it('says of what could not be found out that it could not', () => {
    const told = page({ unreadable: [{ part: 'feed', code: 'THROTTLED', message: 'Later.' }] });
    expect(told).toContain('whether it is handed events could not be found out');
    expect(told).toContain('Not found out (feed): Later.');
    expect(told).not.toContain('Takes events at');
  });

  it('counts one event as one', () => {
    const one = { ...none, inFlight: 1 };
    const told = page({ waiting: one, failed: one });
    expect(told).toContain(
      'Waiting: about 1 event (1 being sent, or tried in vain and handed out again within 12 minutes). Since when is on dashboard',
    );
    expect(told).toContain('Failed: about 1 event\n');
  });

  it('tells how far a move is where SQS does not say of how many', () => {
    const move = { state: 'RUNNING', moved: 1_200, startedAt: '2026-11-24T01:00:00.000Z' };
    expect(page({ move, failed: { ...none, visible: 7 } })).toContain(
      'Failed: being moved back since 2026-11-24 01:00 UTC (1 hour ago), 1,200 until now\n\nNext: Follow the move:',
    );
  });

  it('is coloured on a terminal only', () => {
    const failed = { ...none, visible: 7 };
    expect(page({ failed }, true)).toContain('\u001b[31mabout 7 events');
    expect(page({ failed })).not.toContain('\u001b');
  });
});
