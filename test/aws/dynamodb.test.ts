import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { bytesOf } from './fakes/dynamodb-item.ts';
import { FakeAws } from './fakes/fake-aws.ts';
import { refusal } from './recorded/row.ts';

const TableName = 'guard';
const Key = { id: { S: 'one' } };
let aws: FakeAws;

beforeEach(() => {
  aws = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') });
  aws.dynamoDb.seedTable(TableName, 'id');
});

const put = (more: Partial<PutItemCommandInput> = {}) =>
  aws.clients.dynamoDb.send(new PutItemCommand({ TableName, Item: Key, ...more }));
const update = (UpdateExpression: string, more: Partial<UpdateItemCommandInput> = {}) =>
  aws.clients.dynamoDb.send(new UpdateItemCommand({ TableName, Key, UpdateExpression, ...more }));
const get = async () =>
  (await aws.clients.dynamoDb.send(new GetItemCommand({ TableName, Key }))).Item;

const names = (...given: string[]) => ({
  ExpressionAttributeNames: Object.fromEntries(given.map((name) => [`#${name}`, name])),
});
const values = (given: Record<string, AttributeValue>) => ({ ExpressionAttributeValues: given });
const add = (value: AttributeValue) =>
  update('ADD #marks :marks', {
    ...names('marks'),
    ...values({ ':marks': value }),
    ReturnValues: 'UPDATED_NEW',
  });
const invalid = (message: string) => ({
  name: 'ValidationException',
  message: expect.stringContaining(message),
});

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html */
describe('ADD', () => {
  it('makes the item and the attribute, and answers the attribute as it is then', async () => {
    expect((await add({ SS: ['a'] })).Attributes).toEqual({ marks: { SS: ['a'] } });
    expect((await add({ SS: ['b', 'a'] })).Attributes).toEqual({ marks: { SS: ['a', 'b'] } });
    expect(await get()).toEqual({ ...Key, marks: { SS: ['a', 'b'] } });
  });

  it('adds numbers', async () => {
    await add({ N: '2' });
    expect((await add({ N: '3' })).Attributes).toEqual({ marks: { N: '5' } });
  });

  it.each<[AttributeValue, string]>([
    [{ SS: [] }, 'An string set  may not be empty'],
    [{ SS: ['a', 'a'] }, 'Input collection [a, a] contains duplicates'],
    [{ N: 'many' }, 'cannot be converted'],
    [{ N: '1' }, 'An operand in the update expression has an incorrect data type'],
  ])('of %j is refused', async (value, message) => {
    await add({ SS: ['first'] });
    expect(await refusal(add(value))).toEqual(invalid(message));
  });

  it('stands beside SET', async () => {
    await update('ADD #marks :one SET #expires = :time', {
      ...names('marks', 'expires'),
      ...values({ ':one': { SS: ['a'] }, ':time': { N: '1' } }),
    });
    expect(await get()).toEqual({ ...Key, marks: { SS: ['a'] }, expires: { N: '1' } });
  });
});

describe('an update', () => {
  it('adds to sets of numbers and takes out of them, to the last member', async () => {
    expect((await add({ NS: ['1', '2'] })).Attributes).toEqual({ marks: { NS: ['1', '2'] } });
    expect((await add({ NS: ['2', '3'] })).Attributes).toEqual({ marks: { NS: ['1', '2', '3'] } });
    const take = (...NS: string[]) =>
      update('DELETE #marks :gone', {
        ...names('marks'),
        ...values({ ':gone': { NS } }),
        ReturnValues: 'UPDATED_NEW',
      });
    expect((await take('1', '9')).Attributes).toEqual({ marks: { NS: ['2', '3'] } });
    expect((await take('2', '3')).Attributes).toBeUndefined();
    expect(await get()).toEqual(Key);
    expect((await take('2')).Attributes).toBeUndefined();
  });

  it('has several actions in each clause, and answers the whole item', async () => {
    await put({ Item: { ...Key, old: { N: '1' }, gone: { S: 'x' }, set: { SS: ['a', 'b'] } } });
    const { Attributes } = await update(
      'ADD #n :one, #days :days SET #s = :text, #t = :text REMOVE #old, #gone DELETE #set :a',
      {
        ...names('n', 'days', 's', 't', 'old', 'gone', 'set'),
        ...values({
          ':one': { N: '1' },
          ':days': { NS: ['7'] },
          ':text': { S: 'x' },
          ':a': { SS: ['a'] },
        }),
        ReturnValues: 'ALL_NEW',
      },
    );
    expect(Attributes).toEqual({
      ...Key,
      n: { N: '1' },
      days: { NS: ['7'] },
      s: { S: 'x' },
      t: { S: 'x' },
      set: { SS: ['b'] },
    });
    expect(await get()).toEqual(Attributes);
  });

  it.each<[string, string, Record<string, AttributeValue>]>([
    ['Two document paths overlap', 'ADD #n :v REMOVE #n', { ':v': { N: '1' } }],
    ['The "ADD" section can only be used once', 'ADD #n :v ADD #m :v', { ':v': { N: '1' } }],
    ['operator: ADD, operand type: STRING', 'ADD #n :v', { ':v': { S: 'a' } }],
    ['operator: DELETE, operand type: NUMBER', 'DELETE #n :v', { ':v': { N: '1' } }],
    ['incorrect data type', 'DELETE #text :v', { ':v': { SS: ['a'] } }],
    ['incorrect data type', 'ADD #text :v', { ':v': { NS: ['1'] } }],
    ['An number set  may not be empty', 'ADD #n :v', { ':v': { NS: [] } }],
    ['cannot be converted', 'ADD #n :v', { ':v': { NS: ['one'] } }],
    ['This attribute is part of the key', 'SET #id = :v', { ':v': { S: 'two' } }],
  ])('is refused for %s: %s', async (message, expression, used) => {
    await put({ Item: { ...Key, text: { S: 'x' } } });
    const named = [...new Set([...expression.matchAll(/#(\w+)/g)].map(([, name = '']) => name))];
    const refused = update(expression, { ...names(...named), ...values(used) });
    expect(await refusal(refused)).toEqual(invalid(message));
  });

  it('is refused over 4 KB of expression, however short the names', async () => {
    const many = Array.from({ length: 800 }, (_, index) => `a${index}`);
    const expression = `REMOVE ${many.map((name) => `#${name}`).join(', ')}`;
    expect(await refusal(update(expression, names(...many)))).toEqual(
      invalid('Expression size has exceeded the maximum allowed size; expression size: '),
    );
  });

  it('sets what is not there yet, and leaves what is, beside others', async () => {
    const first = { ...names('at', 'n'), ...values({ ':at': { S: 'first' }, ':n': { N: '1' } }) };
    await update('SET #at = if_not_exists(#at, :at), #n = :n', first);
    const second = { ...names('at', 'n'), ...values({ ':at': { S: 'second' }, ':n': { N: '2' } }) };
    await update('SET #n = :n, #at = if_not_exists(#at, :at)', second);
    expect(await get()).toEqual({ ...Key, at: { S: 'first' }, n: { N: '2' } });
  });

  it.each(['SET #n = #n + :v', 'ADD n :v', 'SET #n = if_not_exists(#m, :v)', '#n :v'])(
    'that the fake does not know is refused by name: %s',
    async (expression) => {
      const more = { ...names('n'), ...values({ ':v': { N: '1' } }) };
      await expect(update(expression, more)).rejects.toThrow('does not know the update');
    },
  );
});

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html */
describe('a condition', () => {
  const given = (ConditionExpression: string, used: Record<string, AttributeValue>) =>
    put({
      ConditionExpression,
      ...names(...[...ConditionExpression.matchAll(/#(\w+)/g)].map(([, name = '']) => name)),
      ...(Object.keys(used).length > 0 ? values(used) : {}),
    });
  const REFUSED = {
    name: 'ConditionalCheckFailedException',
    message: 'The conditional request failed',
  };

  it('of what is absent holds once', async () => {
    await given('attribute_not_exists(#id)', {});
    expect(await refusal(given('attribute_not_exists(#id)', {}))).toEqual(REFUSED);
  });

  it.each<[string, AttributeValue, boolean]>([
    ['#n < :v', { N: '10' }, true],
    ['#n < :v', { N: '9' }, false],
    ['#n <= :v', { N: '9' }, true],
    ['#s < :v', { S: 'b' }, true],
    ['#s = :v', { S: 'a' }, true],
    ['#s < :v', { N: '10' }, false],
    ['#none < :v', { N: '10' }, false],
    ['size(#set) <= :v', { N: '2' }, true],
    ['size(#set) <= :v', { N: '1' }, false],
    ['size(#none) <= :v', { N: '9' }, false],
    ['#n < :v OR #s = :v', { N: '10' }, true],
  ])('%s of %j: %s', async (condition, value, holds) => {
    await put({ Item: { ...Key, n: { N: '9' }, s: { S: 'a' }, set: { SS: ['a', 'b'] } } });
    const refused = await refusal(given(condition, { ':v': value }));
    expect(refused.name).toBe(holds ? 'no error' : REFUSED.name);
  });

  it('that does not hold leaves the item as it was', async () => {
    await add({ SS: ['a'] });
    const refused = update('ADD #marks :marks', {
      ConditionExpression: 'size(#marks) <= :most',
      ...names('marks'),
      ...values({ ':marks': { SS: ['b'] }, ':most': { N: '0' } }),
    });
    expect(await refusal(refused)).toEqual(REFUSED);
    expect(await get()).toEqual({ ...Key, marks: { SS: ['a'] } });
  });

  it.each([
    [
      'a value that nothing uses',
      { ...names('id'), ...values({ ':x': { N: '1' } }) },
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}',
    ],
    [
      'a name that nothing uses',
      names('id', 'x'),
      'Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}',
    ],
    ['a name that is not given', {}, 'attribute name: #id'],
  ])('with %s is refused', async (_, more, message) => {
    const ConditionExpression = 'attribute_not_exists(#id)';
    expect(await refusal(put({ ConditionExpression, ...more }))).toEqual(invalid(message));
  });

  it.each(['id = :v', 'begins_with(#id, :v)', 'NOT #id = :v'])(
    'that the fake does not know is refused by name: %s',
    async (ConditionExpression) => {
      const more = { ...names('id'), ...values({ ':v': { S: 'a' } }) };
      await expect(put({ ConditionExpression, ...more })).rejects.toThrow('does not know');
    },
  );
});

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
describe('an item', () => {
  it('has 400 KB at most, names counted', async () => {
    const large = (bytes: number) => ({ ...Key, text: { S: 'x'.repeat(bytes) } });
    const most = 400 * 1024 - bytesOf({ ...Key, text: { S: '' } });
    await put({ Item: large(most) });
    expect(await refusal(put({ Item: large(most + 1) }))).toEqual(
      invalid('Item size has exceeded the maximum allowed size'),
    );
    expect(await refusal(add({ N: '1' }))).toEqual(
      invalid('Item size to update has exceeded the maximum allowed size'),
    );
  });

  it.each<[string, Record<string, AttributeValue>, string]>([
    ['no key', { other: { S: 'a' } }, 'does not match the schema'],
    ['a number for a key', { id: { N: '1' } }, 'does not match the schema'],
    ['an empty key', { id: { S: '' } }, 'cannot contain an empty string value. Key: id'],
    ['a key over 2,048 bytes', { id: { S: 'ü'.repeat(1_025) } }, 'maximum size limit of2048 bytes'],
    ['two types in one', { ...Key, x: { S: 'a', N: '1' } as never }, 'more than one datatypes'],
  ])('with %s is refused', async (_, Item, message) => {
    expect(await refusal(put({ Item }))).toEqual(invalid(message));
  });

  it('is there after it expired: it is deleted within days', async () => {
    await put({ Item: { ...Key, expires: { N: '1' } } });
    expect(await get()).toBeDefined();
  });

  it('is of a table', async () => {
    expect(await refusal(put({ TableName: 'none' }))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'Requested resource not found',
    });
  });
});

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
describe('BatchGetItem', () => {
  const getAll = async (...ids: string[]) => {
    const Keys = ids.map((id) => ({ id: { S: id } }));
    const command = new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } });
    return aws.clients.dynamoDb.send(command);
  };
  const hundred = Array.from({ length: 100 }, (_, at) => `item-${at}`);

  it('answers the items that there are', async () => {
    await put();
    const answer = await getAll('none', 'one');
    expect(answer).toMatchObject({ Responses: { [TableName]: [Key] }, UnprocessedKeys: {} });
    expect((await getAll(...hundred)).Responses).toEqual({ [TableName]: [] });
  });

  it('leaves some unread on request of the test, and says which', async () => {
    await put();
    aws.dynamoDb.unread = 1;
    const answer = await getAll('two', 'one');
    expect(answer.Responses).toEqual({ [TableName]: [] });
    expect(answer.UnprocessedKeys).toEqual({ [TableName]: { Keys: [Key] } });
    expect((await getAll('one')).Responses).toEqual({ [TableName]: [Key] });
  });

  it.each([
    ['none', [], 'Member must have length'],
    ['101', [...hundred, 'one'], 'less than or equal to 100'],
    ['one twice', ['one', 'one'], 'contains duplicates'],
  ])('of %s is refused', async (_, ids, message) => {
    expect(await refusal(getAll(...ids))).toEqual(invalid(message));
  });
});

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html */
describe('DeleteItem', () => {
  const remove = (more = {}) =>
    aws.clients.dynamoDb.send(new DeleteItemCommand({ TableName, Key, ...more }));

  it('takes an item away, and one that is not there too', async () => {
    await put();
    await remove();
    expect(await get()).toBeUndefined();
    await remove();
  });

  it('leaves it where its condition does not hold', async () => {
    await put({ Item: { ...Key, n: { N: '1' } } });
    const condition = {
      ConditionExpression: '#n = :n',
      ...names('n'),
      ...values({ ':n': { N: '2' } }),
    };
    expect(await refusal(remove(condition))).toMatchObject({
      name: 'ConditionalCheckFailedException',
    });
    expect(await get()).toBeDefined();
  });
});

it('is throttled as a table on demand is', async () => {
  aws.faults.fail('PutItem', { error: 'throttled' });
  expect(await refusal(put())).toMatchObject({ name: 'ThrottlingException' });
});

it('takes 4,000 writes a second while its table is new', async () => {
  aws.limits.enable();
  for (let times = 0; times < 4_000; times += 1) await put();
  expect(await refusal(put())).toMatchObject({ name: 'ThrottlingException' });
  aws.clock.advance(1_000);
  await put();
});
