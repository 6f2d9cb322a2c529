import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { amplitude } from '../../../lambda/adapters/amplitude.ts';
import type { Credential, Vendor } from '../../../lambda/domain/ports.ts';
import { SecretValue } from '../../../lambda/domain/secret-value.ts';
import { explain } from '../../../lambda/domain/verdict.ts';
import { AmplitudeStandIn, type Mood } from '../../amplitude.ts';

const KEY = 'a'.repeat(32);
const SECRET = 'b'.repeat(32);
const byQuery: Credential = {
  managed: { kind: 'ingestion', verification: 'query' },
  value: new SecretValue(KEY),
};
const byCanary: Credential = { ...byQuery, managed: { kind: 'ingestion', verification: 'canary' } };
const pair: Credential = {
  managed: { kind: 'secret', verification: 'query' },
  value: new SecretValue(SECRET),
  apiKey: new SecretValue(KEY),
};

describe('the Amplitude adapter', () => {
  let standIn: AmplitudeStandIn;
  let vendor: Vendor;

  const vendorOf = (timeoutMs: number) =>
    amplitude({ dataResidency: 'US', endpoints: standIn.endpoints, backoffMs: 0, timeoutMs });

  beforeEach(async () => {
    standIn = await AmplitudeStandIn.start();
    vendor = vendorOf(5_000);
  });

  afterEach(() => standIn.stop());

  it.each([
    ['query', byQuery],
    ['canary', byCanary],
    ['key pair', pair],
  ])('accepts by %s a key that Amplitude knows', async (_, credential) => {
    standIn.generate(KEY, 'US', SECRET);
    expect((await vendor.ask(credential)).word).toBe('accepted');
    expect(standIn.requests).toHaveLength(1);
  });

  it.each([
    ['query', byQuery],
    ['canary', byCanary],
    ['key pair', pair],
  ])('rejects by %s a key that neither region knows, after asking both', async (_, credential) => {
    const verdict = await vendor.ask(credential);
    expect(verdict).toMatchObject({
      word: 'rejected',
      otherRegion: { region: 'EU', word: 'rejected' },
    });
    expect(standIn.requests.map((request) => request.slice(0, 2))).toEqual(['US', 'EU']);
  });

  it('says which region knows a key that its own rejects', async () => {
    standIn.generate(KEY, 'EU');
    const verdict = await vendor.ask(byQuery);
    expect(verdict).toMatchObject({
      word: 'rejected',
      otherRegion: { region: 'EU', word: 'accepted' },
    });
    expect(explain(verdict).explanation).toBe(
      'Amplitude US rejects this key (HTTP 401), Amplitude EU accepts it',
    );
  });

  it('writes one marked event as a canary, the same at each repeat', async () => {
    standIn.generate(KEY);
    await vendor.ask(byCanary);
    await vendor.ask(byCanary);
    const [first, second] = standIn.events;
    expect(first).toMatchObject({ event_type: 'amplitude_keys_canary' });
    expect(second).toEqual(first);
  });

  it('writes no event to ask by query', async () => {
    standIn.generate(KEY);
    await vendor.ask(byQuery);
    expect(standIn.events).toEqual([]);
  });

  it.each<[Mood, string]>([
    ['throttling', 'HTTP 429'],
    ['failing', 'HTTP 503'],
    ['silent', 'did not answer in time'],
    ['hanging-up', 'could not be reached'],
    ['html', 'not JSON'],
    ['endless', 'not JSON'],
  ])('is unknown after three tries while Amplitude is %s, and says so', async (mood, words) => {
    standIn.generate(KEY);
    standIn.expect(mood, mood, mood);
    if (mood === 'silent') vendor = vendorOf(50);
    const verdict = await vendor.ask(byQuery);
    expect(verdict.word).toBe('unknown');
    expect(explain(verdict).explanation).toContain(words);
    expect(standIn.requests).toHaveLength(3);
  });

  it('goes on after passing trouble', async () => {
    standIn.generate(KEY);
    standIn.expect('failing', 'throttling');
    expect((await vendor.ask(byQuery)).word).toBe('accepted');
  });

  it('is unknown, without asking again, where the check is not enabled, and proposes the canary', async () => {
    standIn.expect('not-enabled');
    const verdict = await vendor.ask(byQuery);
    expect(verdict.word).toBe('unknown');
    expect(explain(verdict).remedy).toContain("'canary'");
    expect(standIn.requests).toHaveLength(1);
  });

  it('follows no redirect, which would carry the key elsewhere', async () => {
    standIn.expect('redirecting', 'redirecting', 'redirecting');
    expect((await vendor.ask(byQuery)).word).toBe('unknown');
    expect(new Set(standIn.requests)).toEqual(
      new Set(['US POST /v1/events/check-recent-ingestion']),
    );
  });

  it('keeps the rejected key that Amplitude echoes out of the verdict', async () => {
    const verdicts = [await vendor.ask(byQuery), await vendor.ask(byCanary)];
    expect(JSON.stringify(verdicts.map((verdict) => [verdict, explain(verdict)]))).not.toContain(
      KEY,
    );
  });
});
