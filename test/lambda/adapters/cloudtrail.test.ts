import { describe, expect, it } from 'vitest';
import { cloudTrail } from '../../../lambda/adapters/cloudtrail.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';
import type { ReadSeed } from '../../aws/fakes/recorded-event.ts';

const NOW = new Date('2026-11-24T12:00:00Z');
const FROM = new Date('2026-11-23T12:00:00Z');
const secretId = 'amplitude/dev/web';
const role = (name: string) => ({
  roleArn: `arn:aws:iam::111122223333:role/${name}`,
  session: 's',
});

function reading(...seeds: readonly Partial<ReadSeed>[]) {
  const aws = new FakeAws({ now: NOW });
  for (const seed of seeds) aws.cloudTrail.seedRead({ secretId, by: role('backend'), ...seed });
  const log = cloudTrail(aws.clients.cloudTrail, ['AmplitudeKeys-dev-rotation']);
  return { aws, read: () => log.since(FROM) };
}

describe('who read a secret', () => {
  it('is told by role, user or service, with version and label', async () => {
    const { read } = reading(
      { versionId: 'v1', versionStage: 'AWSPREVIOUS' },
      { by: { userArn: 'arn:aws:iam::111122223333:user/eve' } },
      { by: { service: 'ecs-tasks.amazonaws.com' } },
    );
    const { reads, complete } = await read();
    expect(complete).toBe(true);
    expect(reads).toHaveLength(3);
    expect(reads).toContainEqual({
      secretId,
      at: NOW,
      principal: 'arn:aws:iam::111122223333:role/backend',
      versionId: 'v1',
      label: 'AWSPREVIOUS',
    });
    const principals = reads.map(({ principal }) => principal);
    expect(principals).toContain('arn:aws:iam::111122223333:user/eve');
    expect(principals).toContain('ecs-tasks.amazonaws.com');
  });

  it('leaves out our own roles by their ARN, not by a session name that anyone may choose', async () => {
    const { read } = reading(
      { by: role('AmplitudeKeys-dev-rotation') },
      { by: { ...role('thief'), session: 'amplitude-dev-rotation' } },
      { by: role('not-AmplitudeKeys-dev-rotation') },
    );
    const principals = (await read()).reads.map(({ principal }) => principal);
    expect(principals.toSorted()).toEqual([
      'arn:aws:iam::111122223333:role/not-AmplitudeKeys-dev-rotation',
      'arn:aws:iam::111122223333:role/thief',
    ]);
  });

  it('leaves out reads that were denied and reads before the time asked for', async () => {
    const { read } = reading(
      { errorCode: 'AccessDenied' },
      { at: new Date('2026-11-23T11:00:00Z') },
    );
    expect(await read()).toEqual({ reads: [], complete: true });
  });

  it('reads page after page, and stops at a bound', async () => {
    const few = reading(...Array.from({ length: 120 }, () => ({})));
    expect((await few.read()).reads).toHaveLength(120);
    expect(few.aws.countOf('LookupEvents')).toBe(3);
    const many = reading(...Array.from({ length: 1_100 }, () => ({})));
    expect(await many.read()).toMatchObject({ complete: false, reads: { length: 1_000 } });
  });

  it('is incomplete, and no error, when CloudTrail does not answer', async () => {
    const { aws, read } = reading(...Array.from({ length: 120 }, () => ({})));
    aws.faults.fail('LookupEvents', { nth: 2, error: 'throttled' });
    expect(await read()).toMatchObject({ complete: false, reads: { length: 50 } });
  });
});
