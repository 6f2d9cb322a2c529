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
    [
      'Disabling',
      'held back, as Amplitude accepts no key',
      'npx keyctl verify --env prod --key server',
    ],
    ['Disabled', 'held back, as Amplitude accepts no key', 'goes on by itself within 15 minutes'],
    ['Missing', 'handed none\n', 'npx cdk deploy AmplitudeKeys-prod'],
  ])('tells of a mapping that is %s', (state, words, next) => {
    const [told = '', steps = ''] = page({ eventSourceMapping: { state } }).split('\n\nNext: ');
    expect(told).toContain(`Sends with key prod/server: ${words}`);
    expect(steps).toContain(next);
  });

  it.each<[RelayStatus['heldFor'], string, string]>([
    [
      'rejected',
      'as Amplitude accepts no key that it may read. None',
      'If the current one is accepted, the log of relay-sender says why',
    ],
    ['unreadable', "as the current key can't be read. None", 'Let the current key be read again:'],
    [
      'missing',
      'as there is no key yet. None',
      'Hand in the key in use and promote it: npx keyctl stage --env prod --key server, then npx keyctl rotate',
    ],
    [
      undefined,
      "as Amplitude accepts no key that it may read, or the current one can't be read. None",
      "If it can't be read: npx keyctl status --env prod --key server.",
    ],
  ])('tells what it is held back for: %s', (heldFor, words, next) => {
    const eventSourceMapping = { state: 'Disabled' };
    const told = page({ eventSourceMapping, ...(heldFor ? { heldFor } : {}) });
    expect(told).toContain(words);
    expect(told).toContain(next);
  });

  it('says which of two steps comes first', () => {
    const told = page({
      eventSourceMapping: { state: 'Disabled' },
      failed: { ...none, visible: 7 },
    });
    expect(told).toMatch(/\nNext: See which key is accepted: .+\nThen: Failed events are kept/);
    expect(page({ failed: { ...none, visible: 7 } })).toContain('\nNext: Failed events are kept');
  });

  it.each<[string, readonly string[], string]>([
    [
      'never takes any',
      ['invalid_time', 'missing_user_id', 'too_short_device_id'],
      'Mend the prog',
    ],
    ['may take one', ['invalid_time', 'silenced'], 'move them back'],
    ['may take one of an unknown reason', ['unknown'], 'move them back'],
  ])('says what to do with failed events of which Amplitude %s', (_, names, next) => {
    const reasons = names.map((reason) => ({ reason, events: 1 }));
    const failures = { looked: names.length, reasons };
    const told = page({ failed: { ...none, visible: names.length }, failures });
    expect(told).toContain(next);
  });

  it('says of what could not be found out that it could not', () => {
    const told = page({
      unreadable: [{ part: 'eventSourceMapping', code: 'THROTTLED', message: 'Later.' }],
    });
    expect(told).toContain('whether it is handed events could not be found out');
    expect(told).toContain('Not found out (eventSourceMapping): Later.');
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
