import { type AttributeValue, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { guardTableName } from '../../../lambda/contract.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';
import { ADDRESS, fakeWith, INTERN, keeping, LAPTOP, NOW, quarantined } from '../quarantined.ts';

const TableName = guardTableName('dev');
const ONE = {
  ...quarantined({ session: LAPTOP, principal: INTERN, address: ADDRESS }),
  isAnnounced: false,
  slot: 1,
};
const TWO = { ...quarantined({ address: ADDRESS }), isAnnounced: true, slot: 4 };
const RELEASED = { ...TWO, releasedAt: ONE.at };

let aws: FakeAws;
let table: ReturnType<typeof keeping>['ports']['quarantines'];
beforeEach(() => {
  aws = fakeWith();
  table = keeping(aws).ports.quarantines;
});

const write = (item: Record<string, AttributeValue>) =>
  aws.clients.dynamoDb.send(
    new PutItemCommand({ TableName, Item: { id: { S: 'quarantines' }, ...item } }),
  );
const codeOf = (work: Promise<unknown>) => work.catch(({ code }) => code);

describe('the desired quarantines', () => {
  it('are none before the first', async () => {
    expect(await table.all()).toEqual({ version: 0, quarantines: [] });
  });

  it('are read as they were written, each field of them', async () => {
    const signIn = (({ key: _, ...rest }) => rest)(TWO);
    await table.change([ONE, RELEASED, signIn], 0);
    expect(await table.all()).toEqual({ version: 1, quarantines: [ONE, RELEASED, signIn] });
    await table.change([], 1);
    expect(await table.all()).toEqual({ version: 2, quarantines: [] });
  });

  it('are read consistently, and kept without an end', async () => {
    await table.change([ONE], 0);
    await table.all();
    const reads = aws.calls.filter(({ command }) => command === 'GetItem');
    expect(reads.map(({ input }) => input.ConsistentRead)).toEqual([true]);
    expect([...aws.dynamoDb.itemsOf(TableName).values()].map(Object.keys)).toEqual([
      ['id', 'version', 'list'],
    ]);
  });

  it('are changed by whoever knows what they are, and by nobody else', async () => {
    expect(await table.change([ONE], 1)).toBeUndefined();
    expect(await table.change([ONE], 0)).toEqual({ version: 1, quarantines: [ONE] });
    expect(await table.change([TWO], 0)).toBeUndefined();
    expect(await table.change([TWO], 2)).toBeUndefined();
    expect(await table.all()).toEqual({ version: 1, quarantines: [ONE] });
    expect(await table.change([TWO], 1)).toEqual({ version: 2, quarantines: [TWO] });
  });

  it('are changed by one of two at once', async () => {
    const answers = await Promise.all([table.change([ONE], 0), table.change([TWO], 0)]);
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
    expect(await table.all()).toEqual(answers.find((answer) => answer !== undefined));
  });
});

describe('an item that the functions did not write', () => {
  it.each<[string, Record<string, AttributeValue>]>([
    ['has no list', { version: { N: '1' } }],
    ['has no version', { list: { S: '[]' } }],
    ['has a broken version', { version: { N: '-1' }, list: { S: '[]' } }],
    ['has a broken list', { version: { N: '1' }, list: { S: '[' } }],
    ['has no list for a list', { version: { N: '1' }, list: { S: '{}' } }],
    ['lacks a field', { version: { N: '1' }, list: { S: '[{"id":"01234567"}]' } }],
  ])('is an error, and never an end of all quarantines: it %s', async (_, item) => {
    await write(item);
    const error = await table.all().catch((reason) => reason);
    expect(error.code).toBe('VALUE_MALFORMED');
    expect(error.message).toContain(`aws dynamodb delete-item --table-name ${TableName}`);
  });
});

describe('a table that gives no answer', () => {
  it.each([
    ['throttled', 'THROTTLED'],
    ['access-denied', 'ACCESS_DENIED'],
    ['timeout', 'AWS_CALL_FAILED'],
  ] as const)('is an error of ours: %s', async (error, code) => {
    aws.faults.fail('GetItem', { error });
    aws.faults.fail('PutItem', { error });
    expect(await codeOf(table.all())).toBe(code);
    expect(await codeOf(table.change([ONE], 0))).toBe(code);
    expect(await table.all()).toEqual({ version: 0, quarantines: [] });
  });

  it('is none where there is none', async () => {
    const { ports } = keeping(new FakeAws({ now: NOW }));
    expect(await codeOf(ports.quarantines.all())).toBe('AWS_CALL_FAILED');
  });
});
