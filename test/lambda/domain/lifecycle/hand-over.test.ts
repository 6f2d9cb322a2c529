import { describe, expect, it } from 'vitest';
import type { Standing } from '../../../../lambda/domain/hand-over/standing.ts';
import { isBeyondRetention, isToBeAsked } from '../../../../lambda/domain/lifecycle/retention.ts';
import {
  accepted,
  ago,
  atRest,
  current,
  DAY,
  FP,
  HOUR,
  KEY,
  label,
  NOTHING,
  NOW,
  plan,
  type Seed,
  said,
  seen,
  V,
} from './seen.ts';

const web = { cluster: 'dify', service: 'web' };
const consumers = [{ principal: 'arn:aws:iam::111122223333:role/dify', service: web }];
const SINCE = ago(2 * HOUR).toISOString();
const NOTED = { 'amplitude-note-hand-over': `${V.second} ${SINCE}` };

/** A key at rest, and how far its service is with it. */
const handed = (word: Standing['word'], over: Partial<Seed> = {}, why?: string): Seed =>
  atRest({
    managed: { consumers },
    standings: { 'dify/web': { word, ...(why ? { why } : {}) } },
    ...over,
    tags: { ...NOTED, ...over.tags },
  });

describe('a service that is still on the previous key', () => {
  it('is restarted', () => {
    const restart = { do: 'restart', service: web, current: V.second };
    expect(plan(handed('still on the previous key'))).toEqual({ ...NOTHING, actions: [restart] });
  });

  it('is not while the current key may not be read: what starts then would not start', () => {
    const tags = { 'amplitude-lockdown': 'on', 'amplitude-note-lockdown': NOW.toISOString() };
    const locked = handed('still on the previous key', { tags });
    expect(plan(locked).actions).toEqual([]);
    expect(said(locked)).toContain('no service is restarted meanwhile');
  });

  it('is not while the lockdown is lost and being put back', () => {
    const tags = { 'amplitude-note-lockdown': NOW.toISOString() };
    expect(plan(handed('still on the previous key', { tags })).actions).toEqual([
      { do: 'lock', key: 'web' },
    ]);
  });

  it('is not brought to a key that leaked', () => {
    const labels = ['AWSCURRENT', 'COMPROMISED-20261124T110000Z-bbbbbbbb'];
    const versions = { [V.second]: { ...current, labels } };
    const actions = plan(handed('still on the previous key', { versions })).actions;
    expect(actions.filter((one) => one.do === 'restart')).toEqual([]);
  });

  it.each(['unreadable', 'placeholder', 'malformed'] as const)(
    'is not brought to a value that is %s',
    (content) => {
      const versions = { [V.second]: { labels: ['AWSCURRENT'], content } };
      const actions = plan(handed('still on the previous key', { versions })).actions;
      expect(actions.filter((one) => one.do === 'restart')).toEqual([]);
    },
  );
});

describe('since when a key is current', () => {
  it('is written down by the first sweep, before a restart, where nobody did', () => {
    const { told, actions } = plan(
      handed('still on the previous key', { tags: { 'amplitude-note-hand-over': '' } }),
    );
    const value = `${V.second} ${ago(45 * DAY).toISOString()}`;
    expect(told).toEqual([{ do: 'remember', tag: 'amplitude-note-hand-over', value }]);
    expect(actions).toEqual([{ do: 'restart', service: web, current: V.second }]);
  });

  it('is of no interest without a service', () => {
    expect(plan(atRest())).toEqual(NOTHING);
  });
});

describe.each(['has it', 'restarting'] as const)('a service that %s', (word) => {
  it('is left alone', () => {
    expect(plan(handed(word))).toEqual(NOTHING);
  });
});

describe('a service whose deployment failed', () => {
  const failed = handed('failed', {}, 'the deployment failed (ROLLBACK_SUCCESSFUL)');

  it('is not restarted again, and told daily with what to do', () => {
    expect(plan(failed).actions).toEqual([]);
    expect(said(failed)).toContain('needs a look: hand over failed');
    expect(said(failed)).toContain(`current since ${SINCE}: ECS service dify/web: the deployment`);
    expect(said(failed)).toContain('ROLLBACK_SUCCESSFUL');
    expect(said(failed)).toContain(
      'aws ecs update-service --cluster dify --service web --force-new-deployment',
    );
    const tag = 'amplitude-note-finding-hand-over-failed';
    const about = 'bbbbbbbb+dify/web';
    const told = (at: Date) =>
      handed('failed', { tags: { [tag]: `${about} ${at.toISOString()}` } });
    expect(plan(failed).told).toEqual([
      { do: 'remember', tag, value: `${about} ${NOW.toISOString()}` },
    ]);
    expect(plan(told(ago(23 * HOUR)))).toEqual(NOTHING);
    expect(plan(told(ago(DAY))).notices).toHaveLength(1);
  });

  it('stays told of while ECS gives no answer, and is over once it has the key', () => {
    const tags = {
      'amplitude-note-finding-hand-over-failed': `bbbbbbbb+dify/web ${NOW.toISOString()}`,
    };
    const forget = { do: 'forget', tag: 'amplitude-note-finding-hand-over-failed' };
    expect(plan(handed('unknown', { tags })).actions).toEqual([]);
    expect(plan(handed('unknown', { tags, standings: {} })).actions).toEqual([]);
    expect(plan(handed('has it', { tags })).actions).toEqual([forget]);
  });
});

describe('a service that', () => {
  it('is not found is told of, with what to mend', () => {
    const lost = handed('not found', {}, 'ECS knows no service dify/web.');
    expect(said(lost)).toContain('ECS knows no service dify/web.');
    expect(said(lost)).toContain('take ecsService out');
    expect(plan(lost).actions).toEqual([]);
  });

  it('ECS gives no answer about is told of, and left alone', () => {
    const unknown = handed('unknown', {}, 'AWS denied it.');
    expect(said(unknown)).toContain('ECS could not be asked');
    expect(said(unknown)).toContain('AWS denied it.');
    expect(plan(unknown).actions).toEqual([]);
  });
});

describe('a retention that is over', () => {
  const versions = {
    [V.first]: { labels: ['AWSPREVIOUS', label(ago(HOUR), V.first)], key: KEY.first },
    [V.second]: current,
  };
  const verdicts = { [FP.first]: accepted(), [FP.third]: accepted() };
  const over = (word: Standing['word'], more: Partial<Seed> = {}) =>
    handed(word, { versions, verdicts, ...more });
  const movesIn = (seed: Seed) => plan(seed).actions.filter((one) => one.do === 'move');
  const firstOf = (seed: Seed) => {
    const sighting = seen(seed);
    const [version] = sighting.facts.versions;
    if (!version) throw new Error('There is no version.');
    return { sighting, version };
  };

  it.each(['still on the previous key', 'restarting', 'failed', 'unknown'] as const)(
    'goes on while a service is %s: told daily, and nobody is asked to press Revoke',
    (word) => {
      const { sighting, version } = firstOf(over(word));
      expect(isBeyondRetention(sighting, version)).toBe(false);
      expect(isToBeAsked(sighting)).toBe(false);
      expect(movesIn(over(word))).toEqual([]);
      const kinds = plan(over(word)).notices.map(({ subject }) => subject);
      expect(kinds).toContain('Amplitude key dev/web needs a look: retention extended');
      expect(said(over(word))).not.toContain('Revoke');
      expect(said(over(word))).toContain(`(versions ${V.first}): ECS service dify/web: ${word}`);
    },
  );

  it.each(['has it', 'not found'] as const)('ends when the service is told to be: %s', (word) => {
    const { sighting, version } = firstOf(over(word));
    expect(isBeyondRetention(sighting, version)).toBe(true);
    expect(isToBeAsked(sighting)).toBe(true);
    expect(movesIn(over(word))).not.toEqual([]);
    expect(said(over(word))).not.toContain('retention extended');
  });

  it.each([
    ['leaked', 'COMPROMISED-20261124T110000Z-aaaaaaaa'],
    ['awaits its revocation already', 'AWAITING-REVOCATION-aaaaaaaa'],
  ])('is cut off when the key %s, whatever runs with it', (_, outcast) => {
    const labels = ['AWSPREVIOUS', label(ago(HOUR), V.first), outcast];
    const marked = { ...versions, [V.first]: { labels, key: KEY.first } };
    const { sighting, version } = firstOf(over('failed', { versions: marked }));
    expect(isBeyondRetention(sighting, version)).toBe(true);
    expect(movesIn(over('failed', { versions: marked }))).not.toEqual([]);
    expect(said(over('failed', { versions: marked }))).not.toContain('retention extended');
  });

  it('goes on while the current value is no key: what runs has a replaced one', () => {
    const broken = { labels: ['AWSCURRENT'], content: 'malformed' } as const;
    const seed = over('has it', { versions: { ...versions, [V.second]: broken }, standings: {} });
    const { sighting, version } = firstOf(seed);
    expect(isBeyondRetention(sighting, version)).toBe(false);
    expect(movesIn(seed)).toEqual([]);
    expect(said(seed)).toContain('ECS service dify/web: unknown');
  });

  it('is not spoken of under a lockdown, which ends none anyway', () => {
    const tags = { 'amplitude-lockdown': 'on', 'amplitude-note-lockdown': NOW.toISOString() };
    expect(said(over('failed', { tags }))).not.toContain('retention extended');
  });
});

describe('an event that could not be sent', () => {
  const unannounced = (value: string, over: Partial<Seed> = {}) =>
    plan(atRest({ tags: { 'amplitude-note-unannounced': value }, ...over }));

  it('is sent again, with the fingerprint and without the key', () => {
    expect(unannounced(`${V.second} rotation`).actions).toEqual([
      {
        do: 'announce',
        event: {
          environment: 'dev',
          key: 'web',
          secretArn: expect.stringContaining('amplitude/dev/web'),
          fingerprint: FP.second,
          version: V.second,
          by: 'rotation',
        },
      },
    ]);
  });

  it.each([`${V.first} rotation`, `${V.second} somebody`, ''])(
    'is forgotten when it is about another version or by nobody known: %j',
    (value) => {
      const forget = { do: 'forget', tag: 'amplitude-note-unannounced' };
      expect(unannounced(value).actions).toEqual([forget]);
    },
  );
});
