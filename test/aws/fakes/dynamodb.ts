import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type GetItemInput,
  type PutItemInput,
  ResourceNotFoundException,
  type UpdateItemInput,
} from '@aws-sdk/client-dynamodb';
import { Expressions } from './dynamodb-expression.ts';
import { checkSize, checkValue, type Item, invalid } from './dynamodb-item.ts';
import { raise } from './errors.ts';
import { defined, type Operations, operation } from './operation.ts';
import type { FakeService } from './pipeline.ts';

interface Table {
  readonly key: string;
  readonly items: Map<string, Item>;
}

/**
 * DynamoDB tables with one key, a string. What has expired stays: DynamoDB deletes it within days.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/
 */
export class FakeDynamoDb implements FakeService {
  readonly name = 'dynamodb';
  readonly operations: Operations = {
    GetItem: operation<GetItemInput, 'TableName' | 'Key'>(
      ['TableName', 'Key'],
      ['ConsistentRead'],
      ({ TableName, Key }) => {
        const table = this.#find(TableName);
        return defined({ Item: table.items.get(keyOf(table, Key)) });
      },
    ),
    PutItem: operation<PutItemInput, 'TableName' | 'Item'>(
      ['TableName', 'Item'],
      ['ConditionExpression', 'ExpressionAttributeNames', 'ExpressionAttributeValues'],
      (input) => this.#put(input),
    ),
    UpdateItem: operation<UpdateItemInput, 'TableName' | 'Key' | 'UpdateExpression'>(
      ['TableName', 'Key', 'UpdateExpression'],
      [
        'ConditionExpression',
        'ExpressionAttributeNames',
        'ExpressionAttributeValues',
        'ReturnValues',
      ],
      (input) => this.#update(input),
    ),
  };
  readonly #tables = new Map<string, Table>();

  /** @param key name of its partition key */
  seedTable(name: string, key: string): void {
    this.#tables.set(name, { key, items: new Map() });
  }

  /** By their keys. */
  itemsOf(name: string): ReadonlyMap<string, Item> {
    return this.#find(name).items;
  }

  #put(input: PutItemInput & { TableName: string; Item: Item }) {
    const table = this.#find(input.TableName);
    const { [table.key]: keyValue } = input.Item;
    const key = keyOf(table, defined({ [table.key]: keyValue }) as Item);
    const expressions = new Expressions(
      input.ExpressionAttributeNames,
      input.ExpressionAttributeValues,
    );
    const holds = expressions.holds(input.ConditionExpression, table.items.get(key));
    expressions.finish();
    Object.values(input.Item).forEach(checkValue);
    if (!holds) refuse();
    table.items.set(key, checkSize(input.Item, 'Item size has exceeded the maximum allowed size'));
    return {};
  }

  #update(input: UpdateItemInput & { TableName: string; Key: Item; UpdateExpression: string }) {
    const { UpdateExpression, ReturnValues = 'NONE' } = input;
    const table = this.#find(input.TableName);
    const key = keyOf(table, input.Key);
    const before = table.items.get(key);
    Object.values(input.ExpressionAttributeValues ?? {}).forEach(checkValue);
    const expressions = new Expressions(
      input.ExpressionAttributeNames,
      input.ExpressionAttributeValues,
    );
    const holds = expressions.holds(input.ConditionExpression, before);
    const changes = expressions.updated(UpdateExpression, before ?? {});
    if (changes.has(table.key)) {
      invalid(
        `One or more parameter values were invalid: Cannot update attribute ${table.key}. This attribute is part of the key`,
      );
    }
    expressions.finish();
    if (!holds) refuse();
    const item = Object.fromEntries(
      Object.entries({ ...(before ?? input.Key), ...Object.fromEntries(changes) }).filter(
        (entry): entry is [string, AttributeValue] => entry[1] !== undefined,
      ),
    );
    table.items.set(
      key,
      checkSize(item, 'Item size to update has exceeded the maximum allowed size'),
    );
    if (ReturnValues === 'NONE') return {};
    if (ReturnValues === 'ALL_NEW') return { Attributes: item };
    if (ReturnValues === 'UPDATED_NEW') {
      const left = Object.keys(item).filter((name) => changes.has(name));
      return defined({ Attributes: someOf(item, left) });
    }
    throw new Error(`The fake of dynamodb does not know ReturnValues ${ReturnValues}.`);
  }

  #find(name: string): Table {
    return (
      this.#tables.get(name) ?? raise(ResourceNotFoundException, 'Requested resource not found')
    );
  }
}

/** Absent if there are none. */
const someOf = (item: Item, names: readonly string[]) =>
  names.length === 0
    ? undefined
    : Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));

const MAX_KEY_BYTES = 2_048;

function keyOf({ key }: Table, given: Item): string {
  const text = given[key]?.S;
  if (text === undefined || Object.keys(given).length !== 1) {
    return invalid('The provided key element does not match the schema');
  }
  if (text === '') {
    invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${key}`,
    );
  }
  if (Buffer.byteLength(text) > MAX_KEY_BYTES) {
    invalid(
      `One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of${MAX_KEY_BYTES} bytes`,
    );
  }
  return text;
}

function refuse(): never {
  raise(ConditionalCheckFailedException, 'The conditional request failed');
}
