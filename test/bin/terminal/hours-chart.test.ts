import { describe, expect, it } from 'vitest';
import { hoursChart } from '../../../bin/terminal/hours-chart.ts';

const AT = '2026-11-24T02:30:00.000Z';
const hour = (text: string, reads: number) => ({ hour: `2026-11-${text}:00:00.000Z`, reads });

describe('the chart of reads by hour', () => {
  it('has a bar for each hour, as high as its share of the busiest', () => {
    const byHour = [hour('23T23', 1), hour('24T01', 4), hour('24T02', 8)];
    expect(hoursChart({ at: AT, hours: 4, byHour }, 80)).toEqual([
      '  ·▁·▄█',
      '  2026-11-23 22:00 UTC to now, a bar is 1 hour; most: 8 reads from 2026-11-24',
      '  02:00 UTC on',
    ]);
  });

  it('adds hours up where there is little room, and loses no read', () => {
    const byHour = [hour('24T00', 3), hour('24T01', 5), hour('24T02', 8)];
    const [bars, ...scale] = hoursChart({ at: AT, hours: 5, byHour }, 5);
    expect(bars).toBe('  ·▂█');
    expect(scale.join(' ').replace(/\s+/g, ' ')).toContain('a bar is 2 hours; most: 13 reads');
  });

  it.each([24, 72, 720, 2160])('of %i hours fits whatever the width', (hours) => {
    for (const columns of [20, 50, 80, 200]) {
      const [bars = ''] = hoursChart({ at: AT, hours, byHour: [hour('24T01', 4)] }, columns);
      expect(bars.length).toBeLessThanOrEqual(Math.min(columns, 78));
      expect(bars).toContain('█');
    }
  });

  it('takes an hour out of its range for the nearest in it', () => {
    const byHour = [hour('20T00', 2), hour('24T05', 2)];
    expect(hoursChart({ at: AT, hours: 2, byHour }, 80)[0]).toBe('  █·█');
  });
});
