import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { timeline } from '../../../bin/terminal/timeline.ts';
import { daysFromNow as day, keyReport, NOW, version } from './reports.ts';

const view = (columns: number, colour = false) => ({
  columns,
  paint: pc.createColors(colour),
  now: NOW,
});
const promoted = (daysAgo: number, more: object = {}) =>
  keyReport({ promotedAt: day(-daysAgo), dueAt: day(90 - daysAgo), ...more });
const retained = (days: number) => version({ state: 'retained', retainedUntil: day(days) });

describe('a wide timeline', () => {
  it('is drawn to scale, with what is over and what is ahead', () => {
    const [line = ''] = timeline(promoted(30), view(93));
    expect(line).toBe(`  ●${'━'.repeat(29)}▲${'─'.repeat(59)}○`);
  });

  it('has one caption line, each caption below its mark where there is room', () => {
    const [line = '', captions = '', ...rest] = timeline(promoted(45), view(100));
    expect(captions).toMatch(/^ {2}● promoted 2026-10-10 +▲ today +○ due 2027-01-08$/);
    expect(captions.indexOf('▲')).toBe(line.indexOf('▲'));
    expect(captions).toHaveLength(line.length);
    expect(rest).toEqual([]);
  });

  it('shows today beyond an overdue date', () => {
    const [line = '', captions] = timeline(promoted(97), view(80));
    expect(line).toMatch(/^ {2}●━+○━+▲$/);
    expect(captions).toContain('○ overdue since 2026-11-17  ▲ today');
  });

  it('gives each mark a place of its own, also when they fall on one day', () => {
    const staged = [{ fingerprint: 'aaaaaaaaaaaa', name: 'Web', stagedAt: day(-0.01) }];
    const [line = ''] = timeline(promoted(90.02, { staged }), view(80));
    expect(line).toMatch(/━○◆▲$/);
    expect(line).toHaveLength(80);
    const [young = ''] = timeline(promoted(0, { staged }), view(80));
    expect(young).toMatch(/^ {2}◆●▲─+○$/);
  });

  it('shows every retained version, and every one that awaits its revocation', () => {
    const awaiting = version({
      state: 'awaiting-revocation',
      awaitingSince: day(-8),
      rejectedSince: day(-4),
    });
    const versions = [retained(27), retained(12), retained(12.01), awaiting];
    const lines = timeline(promoted(3, { versions }), view(80));
    expect(lines[0]).toMatch(/^ {2}□━+■━*●━*▲─+◇◇─+◇─+○$/);
    expect(lines.slice(1).map((line) => line.trim())).toEqual([
      '□ awaiting revocation 2026-11-16  ■ rejected 2026-11-20',
      '● promoted 2026-11-21  ▲ today  ◇ retained until 2026-12-06, 2026-12-21',
      '○ due 2027-02-19',
    ]);
  });

  it('makes nothing of a deadline left on the current version', () => {
    const versions = [version({ state: 'current', retainedUntil: day(5) })];
    expect(timeline(promoted(3, { versions }), view(80)).join()).not.toContain('◇');
  });

  it.each([80, 100, 160])('stays calm at %i columns', (columns) => {
    const versions = [retained(12)];
    const widths = timeline(promoted(3, { versions }), view(columns)).map(({ length }) => length);
    expect(Math.max(...widths)).toBe(Math.min(columns, 100));
  });

  it('says the same with and without colour', () => {
    const key = promoted(97, { versions: [retained(12)] });
    const coloured = timeline(key, view(80, true)).join('\n');
    expect(coloured).toContain('\u001b[31m○');
    expect(stripVTControlCharacters(coloured)).toBe(timeline(key, view(80)).join('\n'));
  });
});

describe('a narrow timeline', () => {
  it('is a list in order of time, with ages', () => {
    const staged = [{ fingerprint: 'aaaaaaaaaaaa', name: 'Web', stagedAt: day(-2) }];
    expect(timeline(promoted(20, { staged, versions: [retained(10)] }), view(79))).toEqual([
      '  ● promoted        2026-11-04, 20 days ago',
      '  ◆ staged          2026-11-22, 2 days ago',
      '  ▲ today           2026-11-24',
      '  ◇ retained until  2026-12-04, in 10 days',
      '  ○ due             2027-02-02, in 70 days',
    ]);
  });

  it('shows what is overdue', () => {
    expect(timeline(promoted(97), view(50)).slice(1)).toEqual([
      '  ○ overdue since  2026-11-17, 7 days ago',
      '  ▲ today          2026-11-24',
    ]);
  });
});

it.each([50, 100])('a placeholder has no timeline at %i columns', (columns) => {
  const versions = [version({ state: 'current', content: 'placeholder', createdAt: day(-1) })];
  expect(timeline(keyReport({ versions }), view(columns))).toEqual([]);
});
