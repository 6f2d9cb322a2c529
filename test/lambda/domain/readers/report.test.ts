import { describe, expect, it } from 'vitest';
import { KeysError } from '../../../../lambda/domain/errors.ts';
import type { Secrets } from '../../../../lambda/domain/ports.ts';
import type { Quarantines } from '../../../../lambda/domain/quarantine/ports.ts';
import type { Kept } from '../../../../lambda/domain/quarantine/quarantine.ts';
import { readersReport } from '../../../../lambda/domain/readers/report.ts';

const NOW = new Date('2026-11-24T12:00:00Z');
const hours = (number: number) => new Date(NOW.getTime() + number * 3_600_000).toISOString();
const kept = (id: string, more: Partial<Kept> = {}): Kept => ({
  id,
  denied: { address: '198.51.100.23' },
  principal: `arn:aws:iam::111122223333:role/${id}`,
  score: 90,
  reasons: [],
  eventId: 'e',
  at: hours(-1),
  until: hours(1),
  isAnnounced: true,
  slot: 1,
  ...more,
});

/** An environment without a key yet. */
const report = (
  quarantines?: Pick<Quarantines, 'all'>,
  answer: 'observe' | 'quarantine' = 'quarantine',
) =>
  readersReport(
    {
      environment: 'dev',
      secrets: { list: async () => [] } as Partial<Secrets> as Secrets,
      readHistory: {
        of: async () => ({
          rows: [],
          source: { kind: 'usage-record', covers: '', complete: true, calls: 5 },
        }),
      },
      atOnce: () => (work) => work(),
      ...(quarantines ? { quarantines, answer } : {}),
    },
    { now: NOW },
  );

describe('a report on readers', () => {
  it('names those who are denied the keys now, none whose end has come or who was released', async () => {
    const quarantines = [
      kept('intern'),
      kept('over', { until: NOW.toISOString() }),
      kept('released', { releasedAt: hours(-0.5) }),
    ];
    const { quarantined } = await report({ all: async () => ({ version: 3, quarantines }) });
    expect(quarantined).toEqual([
      { id: 'intern', principal: 'arn:aws:iam::111122223333:role/intern', until: hours(1) },
    ]);
  });

  it('names nobody where the guard only observes, whatever it did before', async () => {
    const all = async () => ({ version: 3, quarantines: [kept('intern')] });
    expect((await report({ all }, 'observe')).quarantined).toEqual([]);
  });

  it('is one all the same when they could not be asked for', async () => {
    const all = async () => {
      throw new KeysError('THROTTLED', 'GetItem of table t failed: AWS throttles it.');
    };
    expect(await report({ all })).toMatchObject({
      keys: [],
      quarantinesUnreadable: 'GetItem of table t failed: AWS throttles it.',
    });
  });

  it('says nothing of them without an access guard', async () => {
    const told = await report();
    expect(told).not.toHaveProperty('quarantined');
    expect(told).not.toHaveProperty('quarantinesUnreadable');
  });
});
