import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { guardTable } from '../contract.ts';
import type { Heartbeat, Memory } from '../domain/access-guard/ports.ts';
import { awsFailure, isAwsError } from './aws-error.ts';
import { itemKey, number, second } from './guard-item.ts';

const { id, expires } = guardTable;
const LATEST = 'latest';

/** Many of the words that one would take are reserved, so every name is put in by `#`. */
const NAMES = {
  '#id': id,
  '#expires': expires,
  '#marks': 'marks',
  '#until': 'until',
  '#owner': 'owner',
  '#count': 'count',
  '#at': 'at',
} as const;

const namesIn = (...expressions: string[]) =>
  Object.fromEntries(
    Object.entries(NAMES).filter(([name]) => expressions.some((one) => one.includes(name))),
  );

/** The access guard's memory. DynamoDB deletes an item some time after it expired, or days later. */
export function guardTableMemory(client: DynamoDBClient, TableName: string): Memory & Heartbeat {
  async function told<Answer>(call: string, answer: Promise<Answer>): Promise<Answer> {
    try {
      return await answer;
    } catch (error) {
      if (isAwsError(error, 'ConditionalCheckFailedException')) throw error;
      throw awsFailure(call, `table ${TableName}`, error);
    }
  }

  const update = (
    item: string,
    UpdateExpression: string,
    values: Record<string, AttributeValue>,
    ConditionExpression?: string,
  ) =>
    told(
      'UpdateItem',
      client.send(
        new UpdateItemCommand({
          TableName,
          Key: itemKey(item),
          UpdateExpression,
          ...(ConditionExpression ? { ConditionExpression } : {}),
          ExpressionAttributeNames: namesIn(UpdateExpression, ConditionExpression ?? ''),
          ExpressionAttributeValues: values,
          ReturnValues: 'UPDATED_NEW',
        }),
      ),
    );

  async function get(item: string) {
    const input = { TableName, Key: itemKey(item), ConsistentRead: true };
    const { Item } = await told('GetItem', client.send(new GetItemCommand(input)));
    return Item;
  }

  const put = (
    item: Record<string, AttributeValue>,
    condition?: Pick<
      PutItemCommandInput,
      'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
    >,
  ) => told('PutItem', client.send(new PutItemCommand({ TableName, Item: item, ...condition })));

  const taken = (report: string, until: Date) => ({
    ...itemKey(report),
    until: second(until),
    [expires]: second(until),
  });

  return {
    async mark(set, marks, most, until) {
      try {
        const { Attributes } = await update(
          set,
          'ADD #marks :marks SET #expires = :expires',
          { ':marks': { SS: [...marks] }, ':expires': second(until), ':most': number(most) },
          'attribute_not_exists(#marks) OR size(#marks) <= :most',
        );
        return Attributes?.marks?.SS ?? [];
      } catch (error) {
        return unlessRefused(error, 'full' as const);
      }
    },
    async claim(report, owner, now, until) {
      // The owner's own: the SDK tries again what took effect although its answer was lost
      const isFree = 'attribute_not_exists(#id) OR #until <= :now OR #owner = :owner';
      const values = { ':now': second(now), ':owner': { S: owner } };
      try {
        await put(
          { ...taken(report, until), owner: values[':owner'] },
          {
            ConditionExpression: isFree,
            ExpressionAttributeNames: namesIn(isFree),
            ExpressionAttributeValues: values,
          },
        );
        return true;
      } catch (error) {
        return unlessRefused(error, false);
      }
    },
    async settle(report, until) {
      await put(taken(report, until));
    },
    async count(what, by, until) {
      const values = { ':by': number(by), ':expires': second(until) };
      const { Attributes } = await update(what, 'ADD #count :by SET #expires = :expires', values);
      return Number(Attributes?.count?.N);
    },
    async see(at) {
      const values = { ':at': { S: at.toISOString() } };
      const isLater = 'attribute_not_exists(#at) OR #at < :at';
      try {
        await update(LATEST, 'SET #at = :at', values, isLater);
      } catch (error) {
        unlessRefused(error, undefined);
      }
    },
    async latest() {
      const item = await get(LATEST);
      return item?.at?.S === undefined ? undefined : new Date(item.at.S);
    },
  };
}

/** What a condition that doesn't hold means; any other error goes on. */
function unlessRefused<Meaning>(error: unknown, meaning: Meaning): Meaning {
  if (isAwsError(error, 'ConditionalCheckFailedException')) return meaning;
  throw error;
}
