import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseEnvironments } from '../../lib/config.ts';
import { explain } from '../../lib/config-explain.ts';
import { ConfigError } from '../../lib/config-faults.ts';

const key = { kind: 'ingestion', audience: 'server', owner: 'growth', purpose: 'events' };
const amplitude = { organization: 'acme', projectId: '100001', dataResidency: 'US' };
const prod = { amplitude, keys: { web: key } };

function faultsOf(
  environment: unknown,
  options: Parameters<typeof parseEnvironments>[1] = {},
): string[] {
  try {
    parseEnvironments({ prod: environment }, options);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('an access guard', () => {
  const guarded = (accessGuard: object) => faultsOf({ ...prod, accessGuard });
  const blocks = (count: number) => Array.from({ length: count }, (_, at) => `10.0.${at}.0/24`);

  it('is none unless it is asked for, and then has rules for everything', () => {
    expect(parseEnvironments({ prod }).prod).not.toHaveProperty('accessGuard');
    expect(parseEnvironments({ prod: { ...prod, accessGuard: {} } }).prod?.accessGuard).toEqual({
      allowedRanges: [],
      deniedRanges: [],
      mostReads: 100,
      withinMinutes: 5,
      requireMfa: true,
      ownRanges: [],
      learningDays: 7,
      weights: { device: 30, location: 25, behaviour: 45 },
      notifyAt: 40,
      quarantineAt: 70,
      answer: 'observe',
      quarantineHours: 24,
      mostQuarantinesAnHour: 5,
    });
  });

  it('takes blocks of both kinds, to the last address, and fifty of them', () => {
    const allowedRanges = ['203.0.113.0/24', '198.51.100.7/32', '2001:db8::/32', '::1/128'];
    expect(guarded({ allowedRanges, deniedRanges: ['0.0.0.0/5', '203.0.113.0/25'] })).toEqual([]);
    expect(guarded({ allowedRanges: ['::ffff:203.0.113.0/120', '::ffff:0:0/96'] })).toEqual([]);
    expect(guarded({ allowedRanges: blocks(50), mostReads: 10_000, withinMinutes: 60 })).toEqual(
      [],
    );
    expect(guarded({ allowedRanges: blocks(51), ownRanges: blocks(51) })).toEqual([
      'prod.accessGuard.allowedRanges: expected at most 50 CIDR blocks, got 51',
      'prod.accessGuard.ownRanges: expected at most 50 CIDR blocks, got 51',
    ]);
  });

  it.each([
    ...['203.0.113.7', '203.0.113.7/24', '10/8', '0x0a000000/8', '203.0.113.0/33', '::/129', 7],
    ...['::ffff:203.0.113.7/120', '::ffff:203.0.113.0/24', '::ffff:0:0/95'],
  ])('takes no block that nobody can be sure of: %s', (range) => {
    const got = typeof range === 'string' ? `"${range}" (a string)` : range;
    expect(guarded({ deniedRanges: ['10.0.0.0/8', range] })).toEqual([
      `prod.accessGuard.deniedRanges.1: expected the CIDR block of a network, such as 203.0.113.0/24 or 2001:db8::/32, got ${got}`,
    ]);
  });

  it('tells of a block that is there twice, however it is written', () => {
    const twice = ['2001:db8::/32', '203.0.113.0/24', '2001:0db8:0::/32', '::ffff:203.0.113.0/120'];
    for (const field of ['allowedRanges', 'deniedRanges', 'ownRanges']) {
      expect(guarded({ [field]: twice })).toEqual([
        `prod.accessGuard.${field}.2: duplicate of 2001:db8::/32`,
        `prod.accessGuard.${field}.3: duplicate of 203.0.113.0/24`,
      ]);
    }
  });

  it('is told of a block of our own from which no read may come, and not of one that is denied in part', () => {
    const deniedRanges = ['203.0.113.0/25', '203.0.113.128/25', '198.51.100.0/25'];
    const ownRanges = ['198.51.100.0/24', '203.0.113.0/24'];
    expect(guarded({ deniedRanges, ownRanges })).toEqual([
      'prod.accessGuard.ownRanges.1: deniedRanges cover it, so that no read may come from it: take it out of one of the two',
    ]);
  });

  it('is told of what is wrong with the other lists, too, where a block of one is none', () => {
    const [first] = guarded({ ownRanges: ['10/8'] });
    expect(
      guarded({
        ownRanges: ['10/8'],
        allowedRanges: ['203.0.113.0/24', '203.0.113.0/24'],
        deniedRanges: ['203.0.113.0/24'],
      }),
    ).toEqual([
      first,
      'prod.accessGuard.allowedRanges.1: duplicate of 203.0.113.0/24',
      'prod.accessGuard.deniedRanges: they cover all of allowedRanges: every read would be reported',
    ]);
  });

  it.each([
    [['203.0.113.0/24'], ['203.0.113.0/24']],
    [
      ['203.0.113.0/24', '2001:db8:1::/48'],
      ['2001:db8::/32', '203.0.113.128/25', '203.0.113.0/25'],
    ],
  ])('is told when no read could keep both rules: %j within %j', (allowedRanges, deniedRanges) => {
    expect(guarded({ allowedRanges, deniedRanges })).toEqual([
      'prod.accessGuard.deniedRanges: they cover all of allowedRanges: every read would be reported',
    ]);
  });

  it.each([
    [['203.0.113.0/24'], ['203.0.113.0/25']],
    [['203.0.113.0/24', '2001:db8::/32'], ['203.0.112.0/23']],
    [['0.0.0.0/24'], ['::/120']],
  ])('keeps quiet while a read could: %j beside %j', (allowedRanges, deniedRanges) => {
    expect(guarded({ allowedRanges, deniedRanges })).toEqual([]);
  });

  it.each<[object | string, string]>([
    ['on', 'prod.accessGuard: expected an object in braces'],
    [
      { allowedRanges: '10.0.0.0/8' },
      'prod.accessGuard.allowedRanges: expected a list of CIDR blocks, got "10.0.0.0/8" (a string)',
    ],
    [{ mostReads: 0 }, 'prod.accessGuard.mostReads: expected 1–10000, got 0'],
    [{ withinMinutes: 61 }, 'prod.accessGuard.withinMinutes: expected 1–60, got 61'],
    [
      { requireMfa: 'yes' },
      'prod.accessGuard.requireMfa: expected true or false, got "yes" (a string)',
    ],
    [
      { within: 5 },
      'prod.accessGuard.within: unknown field; the fields are allowedRanges, deniedRanges, mostReads, withinMinutes, requireMfa, ownRanges, learningDays, weights, notifyAt, quarantineAt, revokeAt, answer, quarantineHours, mostQuarantinesAnHour, geoDatabase',
    ],
    [{ learningDays: 0 }, 'prod.accessGuard.learningDays: expected 1–30, got 0'],
    [{ notifyAt: 0 }, 'prod.accessGuard.notifyAt: expected 1–100, got 0'],
    [{ quarantineAt: 101 }, 'prod.accessGuard.quarantineAt: expected 1–100, got 101'],
    [{ quarantineHours: 169 }, 'prod.accessGuard.quarantineHours: expected 1–168, got 169'],
    [
      { mostQuarantinesAnHour: 21 },
      'prod.accessGuard.mostQuarantinesAnHour: expected 1–20, got 21',
    ],
    [{ geoDatabase: ' ' }, 'prod.accessGuard.geoDatabase: expected some text, got " " (a string)'],
    [
      { answer: 'deny' },
      "prod.accessGuard.answer: expected 'observe' or 'quarantine', got \"deny\" (a string)",
    ],
    [{ weights: 30 }, 'prod.accessGuard.weights: expected an object in braces'],
    [
      { weights: { device: 30, location: 30, behaviour: 45 } },
      'prod.accessGuard.weights: expected 100 together, got 30 + 30 + 45 = 105',
    ],
    [
      { weights: { device: 55, behaviour: 45 } },
      'prod.accessGuard.weights.location: expected 0–100, got nothing',
    ],
    [
      { weights: { device: 55, location: '0', behaviour: 45 } },
      'prod.accessGuard.weights.location: expected 0–100, got "0" (a string)',
    ],
    [
      { weights: { device: 30, location: 25, behaviour: 45, time: 0 } },
      'prod.accessGuard.weights.time: unknown field; the fields are device, location, behaviour',
    ],
    [
      { notifyAt: 80 },
      'prod.accessGuard.quarantineAt: 70 is below notifyAt (80), and whoever is quarantined is told of: raise it, or lower notifyAt',
    ],
    [
      { answer: 'quarantine', revokeAt: 69 },
      'prod.accessGuard.revokeAt: 69 is below quarantineAt (70), and a key is not replaced before its reader is kept out: raise it, or lower quarantineAt',
    ],
    [
      { revokeAt: 95 },
      "prod.accessGuard.revokeAt: with answer 'observe' nothing is done about a risk: set answer to 'quarantine', or take revokeAt out",
    ],
  ])('%j is a fault', (accessGuard, fault) => {
    expect(faultsOf({ ...prod, accessGuard })).toEqual([fault]);
  });

  it('says nothing of how two thresholds fit together where one is wrong itself', () => {
    expect(guarded({ notifyAt: '80', revokeAt: 10, answer: 'deny' })).toEqual([
      expect.stringContaining('accessGuard.notifyAt: expected'),
      expect.stringContaining('accessGuard.answer: expected'),
      expect.stringContaining('accessGuard.revokeAt: 10 is below quarantineAt (70)'),
    ]);
  });

  it('takes thresholds that are the same, a weight of nothing, and weights as a whole', () => {
    const thresholds = { notifyAt: 70, quarantineAt: 70, revokeAt: 70, answer: 'quarantine' };
    const weights = { device: 0, location: 0, behaviour: 100 };
    const written = { ...prod, accessGuard: { ...thresholds, weights } };
    expect(parseEnvironments({ prod: written }).prod?.accessGuard).toMatchObject({
      ...thresholds,
      weights,
    });
  });

  it('says where each of its rules came from', () => {
    const weights = { device: 40, location: 20, behaviour: 40 };
    const written = {
      ...prod,
      accessGuard: { mostReads: 20, weights, revokeAt: 95, answer: 'quarantine' },
    };
    const config = parseEnvironments({ prod: written }).prod;
    const rows = config ? explain(config, written) : [];
    const its = rows.filter(({ path }) => path.startsWith('accessGuard.'));
    expect(its.map(({ path, source }) => [path, source])).toEqual([
      ['accessGuard.allowedRanges', 'default'],
      ['accessGuard.deniedRanges', 'default'],
      ['accessGuard.mostReads', 'environment'],
      ['accessGuard.withinMinutes', 'default'],
      ['accessGuard.requireMfa', 'default'],
      ['accessGuard.ownRanges', 'default'],
      ['accessGuard.learningDays', 'default'],
      ['accessGuard.weights.device', 'environment'],
      ['accessGuard.weights.location', 'environment'],
      ['accessGuard.weights.behaviour', 'environment'],
      ['accessGuard.notifyAt', 'default'],
      ['accessGuard.quarantineAt', 'default'],
      ['accessGuard.revokeAt', 'environment'],
      ['accessGuard.answer', 'environment'],
      ['accessGuard.quarantineHours', 'default'],
      ['accessGuard.mostQuarantinesAnHour', 'default'],
    ]);
  });
});

describe('a database of countries', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countries-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'environments.ts');
  const now = new Date('2026-11-24T00:00:00Z');
  const withDatabase = (geoDatabase: unknown) => ({ ...prod, accessGuard: { geoDatabase } });

  it('is found from where the file of the environments is, and told by its whole path', () => {
    const written = withDatabase('data/countries.mmdb');
    const { accessGuard } = parseEnvironments({ prod: written }, { file }).prod ?? {};
    expect(accessGuard?.geoDatabase).toBe(join(folder, 'data', 'countries.mmdb'));
    const absolute = withDatabase('/srv/countries.mmdb');
    expect(parseEnvironments({ prod: absolute }, { file }).prod?.accessGuard?.geoDatabase).toBe(
      '/srv/countries.mmdb',
    );
  });

  it('that is missing or none is a fault for whoever makes a stack, beside the others', () => {
    writeFileSync(join(folder, 'page.mmdb'), '<html>');
    const environment = { ...withDatabase('page.mmdb'), account: '1' };
    expect(faultsOf(environment, { file, now })).toEqual([
      'prod.account: expected 12 digits, got "1" (a string)',
      `prod.accessGuard.geoDatabase: ${join(folder, 'page.mmdb')} is not in MaxMind's format: unpack the .mmdb file of the download, and name that`,
    ]);
    expect(faultsOf(withDatabase('none.mmdb'), { file, now })).toEqual([
      expect.stringMatching(/^prod\.accessGuard\.geoDatabase: there is no file /),
    ]);
    expect(faultsOf(withDatabase(7), { file, now })).toEqual([
      'prod.accessGuard.geoDatabase: expected some text, got 7',
    ]);
  });

  it('holds up nobody in an emergency, at whose desk it may not be', () => {
    expect(faultsOf(withDatabase('none.mmdb'), { file })).toEqual([]);
  });

  it('that looks like one is taken', () => {
    writeFileSync(join(folder, 'good.mmdb'), Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'));
    expect(faultsOf(withDatabase('good.mmdb'), { file, now })).toEqual([]);
  });
});
