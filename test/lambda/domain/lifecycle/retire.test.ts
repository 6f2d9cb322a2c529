import { describe, expect, it } from 'vitest';
import {
  accepted,
  ago,
  ahead,
  atRest,
  current,
  DAY,
  FP,
  HOUR,
  KEY,
  kinds,
  label,
  move,
  NOTHING,
  NOW,
  plan,
  rejected,
  type Seed,
  said,
  unknown,
  V,
  words,
} from './seen.ts';

const awaitingLabel = 'AWAITING-REVOCATION-aaaaaaaa';

describe('a retention that is over', () => {
  const until = label(ago(HOUR), V.first);
  const over = (more: Partial<Seed> = {}) =>
    atRest({
      versions: {
        [V.first]: { labels: ['AWSPREVIOUS', until], key: KEY.first },
        [V.second]: current,
      },
      verdicts: { [FP.first]: accepted(), [FP.third]: accepted() },
      ...more,
    });

  it('takes the key from its readers, the next label before the ones they read by', () => {
    expect(plan(over()).actions.slice(0, 3)).toEqual([
      move({ label: awaitingLabel, to: V.first }),
      move({ label: 'AWSPREVIOUS', from: V.first }),
      move({ label: until, from: V.first }),
    ]);
    expect(words(over())).toEqual(['awaiting-revocation']);
  });

  it('says exactly what to press, once', () => {
    const { notices, told } = plan(over());
    expect(notices).toHaveLength(1);
    for (const part of [
      FP.first,
      '"web, 1"',
      'organization acme',
      'project 100001',
      'https://app.amplitude.com/analytics/acme/settings/projects',
      "can't be undone",
      'legacy key has Rotate',
    ]) {
      expect(notices[0]?.todo + (notices[0]?.happened ?? '')).toContain(part);
    }
    expect(told.at(-1)).toEqual({
      do: 'remember',
      tag: 'amplitude-note-awaiting-aaaaaaaa',
      value: `since=${NOW.toISOString()} asked=yes told=0`,
    });
  });

  it('says whether Amplitude observes events in the project', () => {
    expect(said(over())).toContain('still observes events in the project');
    const verdicts = { [FP.first]: accepted('not_observed') };
    expect(said(over({ verdicts }))).toContain('observes no events in the project');
    expect(said(over({ verdicts: { [FP.first]: unknown() } }))).toContain(
      "Amplitude didn't say whether it observes events",
    );
  });

  it('says who still reads that version, by whichever name, and nobody who reads the current one', () => {
    const read = { secretId: 'amplitude/dev/web', at: ago(HOUR), principal: 'arn:role/nightly' };
    const reads = [
      { ...read, versionId: V.first },
      { ...read, label: 'AWSPREVIOUS', at: ago(2 * HOUR) },
      {
        ...read,
        label: until,
        principal: 'arn:user/eve',
        secretId: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:amplitude/dev/web',
      },
      { ...read, principal: 'arn:role/backend' },
      {
        ...read,
        secretId: 'amplitude/dev/other',
        label: 'AWSPREVIOUS',
        principal: 'arn:role/other',
      },
    ];
    const told = said(over({ reads: { reads, complete: true } }));
    expect(told).toContain('arn:role/nightly (2 times, last 2026-11-24T11:00:00.000Z)');
    expect(told).toContain('arn:user/eve (1 time');
    expect(told).not.toMatch(/backend|other/);
  });

  it('says when nobody is known to read it, and when there may be more than was found', () => {
    expect(said(over({ reads: { reads: [], complete: true } }))).toContain(
      'Nobody but this worker',
    );
    expect(said(over({ reads: { reads: [], complete: false } }))).toContain('there may be more');
  });

  it('asks nobody when Amplitude rejects the key already', () => {
    const seed = over({ verdicts: { [FP.first]: rejected(), [FP.third]: accepted() } });
    expect(kinds(seed)).toEqual([]);
    expect(plan(seed).told.at(-1)).toMatchObject({
      value: expect.stringContaining(`rejected=${NOW.toISOString()}`),
    });
  });

  it('is not over a second before', () => {
    const labels = ['AWSPREVIOUS', label(ahead(1000), V.first)];
    const versions = { [V.first]: { labels, key: KEY.first }, [V.second]: current };
    expect(plan(atRest({ versions }))).toEqual(NOTHING);
  });

  it('takes one reader label off first when all 20 are used', () => {
    const foreign = Array.from({ length: 17 }, (_, at) => `FOREIGN-${at}`);
    const versions = {
      [V.first]: { labels: ['AWSPREVIOUS', until], key: KEY.first },
      [V.second]: { ...current, labels: ['AWSCURRENT', ...foreign] },
    };
    const moves = plan(over({ versions })).actions.filter((action) => action.do === 'move');
    expect(moves).toEqual([
      move({ label: 'AWSPREVIOUS', from: V.first }),
      move({ label: awaitingLabel, to: V.first }),
      move({ label: until, from: V.first }),
    ]);
  });

  it('waits while reads are locked down', () => {
    const tags = { 'amplitude-lockdown': 'on' };
    expect(words(over({ tags }))).toEqual([]);
    expect(plan(over({ tags })).actions.filter((action) => action.do === 'move')).toEqual([]);
  });

  it('means nothing on the current key', () => {
    const versions = {
      [V.second]: { ...current, labels: ['AWSCURRENT', label(ago(DAY), V.second)] },
    };
    expect(kinds(atRest({ versions }))).toEqual([]);
    expect(words(atRest({ versions }))).toEqual(['deadline-removed']);
  });

  it('holds for a key that AWSPREVIOUS has left', () => {
    const versions = { [V.first]: { labels: [until], key: KEY.first }, [V.second]: current };
    expect(plan(over({ versions })).actions.slice(0, 2)).toEqual([
      move({ label: awaitingLabel, to: V.first }),
      move({ label: until, from: V.first }),
    ]);
  });
});

describe('a key that awaits its revocation', () => {
  const since = ago(10 * DAY);
  const awaiting = (note: string, verdict = accepted(), now = NOW) =>
    atRest({
      versions: { [V.first]: { labels: [awaitingLabel], key: KEY.first }, [V.second]: current },
      verdicts: { [FP.first]: verdict, [FP.third]: accepted(), [FP.second]: accepted() },
      tags: {
        'amplitude-note-awaiting-aaaaaaaa': note,
        'amplitude-note-checked': `${FP.second} ${now.toISOString()} accepted`,
      },
      now,
    });
  const asked = (more = '', days = 10) =>
    `since=${ago(days * DAY).toISOString()} asked=yes told=${days >= 7 ? 7 : 0}${more}`;
  const rejectedSince = (time: Date) => asked(` rejected=${time.toISOString()}`);

  it('is retired once Amplitude has rejected it for six hours, with times, endpoint and answer', () => {
    const seed = awaiting(rejectedSince(ago(6 * HOUR)), rejected());
    expect(plan(seed).actions).toEqual([
      move({ label: awaitingLabel, from: V.first }),
      { do: 'forget', tag: 'amplitude-note-awaiting-aaaaaaaa' },
    ]);
    expect(kinds(seed)).toEqual(['retired']);
    const [line] = plan(seed).transitions;
    expect(line).toMatchObject({ transition: 'retired', fingerprint: FP.first, name: 'web, 1' });
    expect(line?.detail).toContain('check-recent-ingestion (HTTP 401)');
    expect(line?.detail).toContain(ago(6 * HOUR).toISOString());
    expect(line?.detail).toContain(since.toISOString());
  });

  it('loses every label of ours when it is retired', () => {
    const labels = [
      awaitingLabel,
      'COMPROMISED-20261124T000000Z-aaaaaaaa',
      'AWSPREVIOUS',
      'FOREIGN',
    ];
    const seed = awaiting(rejectedSince(ago(6 * HOUR)), rejected());
    const versions = { [V.first]: { labels, key: KEY.first }, [V.second]: current };
    const off = plan({ ...seed, versions }).actions.flatMap((action) =>
      action.do === 'move' ? action.move.label : [],
    );
    expect(off).toEqual(labels.slice(0, 3));
  });

  it('is not retired a second earlier', () => {
    const seed = awaiting(rejectedSince(ago(6 * HOUR - 1000)), rejected());
    expect(plan(seed)).toEqual(NOTHING);
  });

  it.each([
    ['unknown', unknown()],
    ['rejected here and accepted in the other region', rejected('accepted')],
  ])('is not changed by an answer that is %s', (_, verdict) => {
    expect(plan(awaiting(rejectedSince(ago(10 * HOUR)), verdict))).toEqual(NOTHING);
  });

  it('begins anew when Amplitude accepts it again', () => {
    const { told } = plan(awaiting(rejectedSince(ago(5 * HOUR)), accepted()));
    expect(told).toEqual([
      { do: 'remember', tag: 'amplitude-note-awaiting-aaaaaaaa', value: asked() },
    ]);
  });

  it.each([
    [0.9, 0, []],
    [1, 0, ['still-accepted']],
    [1.5, 1, []],
    [3, 1, ['still-accepted']],
    [7, 3, ['still-accepted']],
    [30, 7, []],
    [8, 0, ['still-accepted']],
  ])('%d days after, told %d before, escalates: %j', (days, told, expected) => {
    const note = `since=${ago(days * DAY).toISOString()} asked=yes told=${told}`;
    expect(kinds(awaiting(note))).toEqual(expected);
  });

  it('asks again what to press when it escalates', () => {
    const note = `since=${ago(3 * DAY).toISOString()} asked=yes told=1`;
    expect(said(awaiting(note))).toMatch(
      /Still not revoked after 3 days[\s\S]*Revoke it at Amplitude/,
    );
  });

  it('does not escalate while Amplitude gives no answer', () => {
    const note = `since=${ago(8 * DAY).toISOString()} asked=yes told=0`;
    expect(kinds(awaiting(note, unknown()))).toEqual([]);
  });

  it.each(['', 'nonsense', 'since=never'])('is asked for anew when its note is %j', (note) => {
    expect(kinds(awaiting(note))).toEqual(['revoke']);
  });

  it('of a secret key is judged only while Amplitude accepts the current pair', () => {
    const document = { kind: 'secret' as const };
    const seed = awaiting(rejectedSince(ago(7 * HOUR)), rejected());
    const versions = {
      [V.first]: { labels: [awaitingLabel], key: KEY.first, document },
      [V.second]: { ...current, document: { ...current.document, ...document } },
    };
    expect(kinds({ ...seed, versions })).toEqual(['retired']);
    const verdicts = { ...seed.verdicts, [FP.second]: unknown() };
    expect(kinds({ ...seed, versions, verdicts })).toEqual([]);
  });

  it('leaves no note behind when its label went without it', () => {
    const tags = { 'amplitude-note-awaiting-dddddddd': asked() };
    expect(plan(atRest({ tags })).actions).toEqual([
      { do: 'forget', tag: 'amplitude-note-awaiting-dddddddd' },
    ]);
  });

  it('forgets the note of a key that a rotation retained anew, so that a person is asked again', () => {
    const versions = {
      [V.first]: { labels: ['AWSPREVIOUS', label(ahead(DAY), V.first)], key: KEY.first },
      [V.second]: current,
    };
    const tags = { 'amplitude-note-awaiting-aaaaaaaa': asked() };
    expect(plan(atRest({ versions, tags })).actions).toContainEqual({
      do: 'forget',
      tag: 'amplitude-note-awaiting-aaaaaaaa',
    });
  });
});
