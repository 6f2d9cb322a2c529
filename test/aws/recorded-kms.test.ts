import { describe, expect, it } from 'vitest';
import { FakeAws } from './fakes/fake-aws.ts';
import { rows } from './recorded/kms.ts';

describe('the fake KMS answers as AWS was recorded to', () => {
  it('in all five recordings', () => {
    expect(rows.map(({ row }) => row)).toEqual([1, 2, 3, 4, 5]);
  });

  it.each(rows)('$row: $title', async ({ run }) => {
    const aws = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') });
    await run(aws.clients.kms, {
      freshKey: async () => aws.kms.seedKey(),
      exhaustedKey: async () => aws.kms.seedKey({ onDemandRotationsLeft: 0 }),
      unknownKey: `arn:aws:kms:us-east-1:111122223333:key/${crypto.randomUUID()}`,
    });
  });
});
