import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { FakeAws } from '../fakes/fake-aws.ts';
import { rows as keyRows } from '../recorded/kms.ts';
import type { Client } from '../recorded/row.ts';
import { rows as secretRows } from '../recorded/secrets-manager.ts';
import { differenceOf, surpriseOf } from './difference.ts';
import { type KnownDifferences, OF_LOCAL_AWS, OF_STOCK } from './known-differences.ts';
import { keyStageOn, secretStageOn } from './recorded-stage.ts';
import { startLocalAws, startStockMiniStack } from './start.ts';
import { describeOnLocalAws } from './suite.ts';

function describeRecorded(title: string, start: typeof startLocalAws, known: KnownDifferences) {
  describeOnLocalAws(
    title,
    (suite) => {
      it.each(secretRows)('Secrets Manager, $row: $title', async ({ row, run }) => {
        const { secretsManager } = suite();
        const difference = await differenceOf(() => run(secretsManager, secretStageOn(suite())));
        expect(surpriseOf(row, difference, known.secretsManager)).toBeUndefined();
      });

      it.each(keyRows)('KMS, $row: $title', async ({ row, run }) => {
        const difference = await differenceOf(() => run(suite().kms, keyStageOn(suite())));
        expect(surpriseOf(row, difference, known.kms)).toBeUndefined();
      });
    },
    start,
  );
}

describeRecorded('the local AWS answers as AWS was recorded to', startLocalAws, OF_LOCAL_AWS);
describeRecorded('MiniStack as it comes differs as is known', startStockMiniStack, OF_STOCK);

describe('a known difference', () => {
  const all = [OF_LOCAL_AWS, OF_STOCK];

  it.each([
    ['Secrets Manager', all.flatMap(({ secretsManager }) => secretsManager), secretRows],
    ['KMS', all.flatMap(({ kms }) => kms), keyRows],
  ])('of %s names a recording of AWS, by its day', (_, known, rows) => {
    const recordings = rows.map(({ row, recorded }) => ({ row, recorded }));
    for (const { row, recorded } of known) expect(recordings).toContainEqual({ row, recorded });
  });

  it('is a surprise once it is gone, or another', () => {
    const [known] = OF_STOCK.secretsManager;
    expect(surpriseOf(1, known?.answer, OF_STOCK.secretsManager)).toBeUndefined();
    expect(surpriseOf(1, undefined, OF_STOCK.secretsManager)).toContain('answers as AWS now');
    expect(surpriseOf(1, '{}', OF_STOCK.secretsManager)).toContain('differs from AWS');
    expect(surpriseOf(6, undefined, OF_STOCK.secretsManager)).toBeUndefined();
  });
});

describe('a difference', () => {
  it('is found in a server that forgets labels', async () => {
    const { secretsManager } = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') }).clients;
    const forgetful = {
      send(command: PutSecretValueCommand) {
        if (command instanceof PutSecretValueCommand) command.input.VersionStages?.pop();
        return secretsManager.send(command);
      },
    } as Client;
    const [first] = secretRows;
    const stage = { freshName: () => 'amplitude/dev/key-2' } as never;
    const found = await differenceOf(async () => first?.run(forgetful, stage));
    expect(surpriseOf(1, found, [])).toBe(
      'differs from AWS as nobody wrote down: {"v1":["AWSPREVIOUS"],"v2":["AWSCURRENT"]}',
    );
  });

  it('is told in words that are the same in every run', async () => {
    const [one, other] = [crypto.randomUUID(), crypto.randomUUID()];
    const answer = { [one]: ['AWSCURRENT'], [other]: ['AWSPENDING'], previous: one };
    const difference = await differenceOf(async () => expect(answer).toEqual({}));
    expect(difference).toBe('{"v1":["AWSCURRENT"],"v2":["AWSPENDING"],"previous":"v1"}');
    const fails = () => Promise.reject(new TypeError('amplitude/dev/key-7 2026-11-24T00:00:00Z'));
    expect(await differenceOf(fails)).toBe('TypeError: NAME TIME');
  });
});
