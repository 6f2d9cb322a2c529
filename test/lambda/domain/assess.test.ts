import { beforeEach, describe, expect, it } from 'vitest';
import type { Activity, ActivityQuestion } from '../../../lambda/domain/activity.ts';
import { type AssessQuestion, assess } from '../../../lambda/domain/assess.ts';
import { KeysError } from '../../../lambda/domain/errors.ts';
import type { AssessReport } from '../../../lambda/payloads.ts';
import {
  accepted,
  ago,
  atRest,
  DAY,
  FP,
  HOUR,
  KEY,
  NOW,
  rejected,
  type Seed,
  seen,
  V,
} from './lifecycle/seen.ts';

const account = 'arn:aws:iam::111122223333:role';
const cmkArn = 'arn:aws:kms:us-east-1:111122223333:key/1';
let asked: ActivityQuestion[];
let verdict: ReturnType<typeof accepted>;
let tries: string[];
beforeEach(() => {
  asked = [];
  tries = [];
  verdict = accepted();
});

interface Case {
  readonly seed?: Partial<Seed>;
  readonly question?: Partial<AssessQuestion>;
  readonly readers?: readonly string[];
  readonly complete?: boolean;
  readonly hasAllReads?: boolean;
}

function assessed({ seed = {}, question = {}, readers = [], complete = true, ...more }: Case = {}) {
  const { facts, project } = seen(atRest(seed));
  const activity: Activity = {
    readers: readers.map((principal) => ({
      principal,
      reads: 1,
      byVersionId: 0,
      first: ago(HOUR),
      last: ago(HOUR),
    })),
    hours: [],
    traces: [],
    actions: [],
    source: { kind: 'lookup-events', covers: 'all', complete, calls: 1 },
    ...more,
  };
  const ports = {
    activityLog: {
      about: async (one: ActivityQuestion) => {
        asked.push(one);
        return activity;
      },
    },
    vendor: {
      ask: async ({ value }: { readonly value: { readonly fingerprint: string } }) => {
        tries.push(value.fingerprint);
        return verdict;
      },
    },
    secrets: {
      readCurrent: async () => {
        throw new KeysError('CMK_UNAVAILABLE', 'the CMK is disabled');
      },
    },
  };
  const usual = { version: 'current', hours: 72, now: NOW, project, cmkArn };
  return assess(ports as never, facts, { ...usual, ...question });
}

const levelOf = async (work: Promise<AssessReport>) => (await work).risk.level;

describe('an assessment', () => {
  it('is of the current key and of so many hours, and asks Amplitude once', async () => {
    const report = await assessed();
    expect(report).toMatchObject({
      environment: 'dev',
      key: 'web',
      leaked: { versionId: V.second, fingerprint: FP.second, name: 'web, 2' },
      at: NOW.toISOString(),
      hours: 72,
      truth: { revoked: 'no' },
      source: { covers: 'all' },
    });
    expect(asked).toMatchObject([
      {
        stagedPath: '/amplitude/dev/web/staged',
        cmkArn,
        wanted: { of: 'version', versionId: V.second },
        from: ago(72 * HOUR),
        to: NOW,
      },
    ]);
    expect(tries).toEqual([FP.second]);
  });

  it.each([
    ['previous', { of: 'version', versionId: V.first }, FP.first],
    [V.first, { of: 'version', versionId: V.first }, FP.first],
    ['staged', { of: 'staged', parameter: `/amplitude/dev/web/staged/${FP.third}` }, FP.third],
  ])('may be of version %s', async (version, wanted, fingerprint) => {
    const { leaked } = await assessed({ question: { version } });
    expect(leaked.fingerprint).toBe(fingerprint);
    expect(asked).toMatchObject([{ wanted }]);
    expect(tries).toEqual([fingerprint]);
  });

  it.each(['staged', 'previous', 'nonsense'])(
    'of no such version as %s says what there is',
    async (version) => {
      const versions = { [V.second]: { labels: ['AWSCURRENT'], key: KEY.second } };
      await expect(
        assessed({ question: { version }, seed: { versions, staged: [] } }),
      ).rejects.toThrow(
        expect.objectContaining({
          code: 'VERSION_UNKNOWN',
          message: expect.stringContaining(
            `There are: current, previous, staged, ${V.second} (current)`,
          ),
        }),
      );
      expect(asked).toEqual([]);
    },
  );

  it('says that Amplitude rejects the key', async () => {
    verdict = rejected();
    expect((await assessed()).truth.revoked).toBe('yes');
  });

  it.each([
    [
      'its value can not be read',
      { versions: { [V.second]: { labels: ['AWSCURRENT'], content: 'unreadable' as const } } },
    ],
    [
      'the other half of its pair can not be read',
      { managed: { kind: 'secret' as const, pairedWith: 'api' } },
    ],
  ])('goes on when %s', async (_, seed) => {
    const report = await assessed({ seed });
    expect(report.truth.revoked).toBe('unknown');
    expect(report.leaked.versionId).toBe(V.second);
    expect(tries).toEqual([]);
  });
});

describe('readers are known', () => {
  const consumers = [{ principal: `${account}/backend` }];
  it.each([
    ['consumers of the configuration', 'medium', `${account}/backend`],
    ["the stack's own functions", 'medium', `${account}/AmplitudeKeys-dev-rotation`],
    ["the stack's own access guard", 'medium', `${account}/AmplitudeKeys-dev-access-guard`],
    ["the stack's own probe", 'medium', `${account}/AmplitudeKeys-dev-probe`],
    ['not: functions of another environment', 'high', `${account}/AmplitudeKeys-prod-rotation`],
    [
      'not: such a role of another account',
      'high',
      'arn:aws:iam::444455556666:role/AmplitudeKeys-dev-rotation',
    ],
    ['not: such a role with a path', 'high', `${account}/x/AmplitudeKeys-dev-rotation`],
  ])('%s', async (_, level, reader) => {
    expect(await levelOf(assessed({ seed: { managed: { consumers } }, readers: [reader] }))).toBe(
      level,
    );
  });
});

describe('what AWS can not see', () => {
  it('is told: use at Amplitude, time before, delay, copies, reads that name no version', async () => {
    const blind = (await assessed({ question: { hours: 24 } })).blind.join('\n');
    for (const part of ['Use of the value at Amplitude', `before ${ago(DAY).toISOString()}`]) {
      expect(blind).toContain(part);
    }
    expect(blind).toMatch(
      /5 minutes[\s\S]*Kubernetes or CI[\s\S]*that named no version: it is told by the times/,
    );
  });

  it('is told otherwise of a version that nobody knows when it was current', async () => {
    const versions = {
      [V.first]: { labels: ['FOREIGN'], key: KEY.first },
      [V.second]: { labels: ['AWSCURRENT'], key: KEY.second },
    };
    const { blind } = await assessed({ seed: { versions }, question: { version: V.first } });
    expect(blind.at(-1)).toContain('so they are not counted');
    const { blind: ofStaged } = await assessed({ question: { version: 'staged' } });
    expect(ofStaged.join()).not.toContain('named no version');
  });

  it('makes a risk uncertain when the source is incomplete', async () => {
    const { risk } = await assessed({ complete: false });
    expect(risk.reasons.at(-1)).toContain('Not all reads could be seen');
  });

  it('is not uncertain for calls that are no reads', async () => {
    const { risk, source } = await assessed({ complete: false, hasAllReads: true });
    expect(source).not.toHaveProperty('hasAllReads');
    expect(risk.reasons.join()).not.toContain('Not all reads could be seen');
  });
});
