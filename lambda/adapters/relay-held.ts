import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { RELAY_HELD, relayTable } from '../contract.ts';
import type { Held, Holding } from '../domain/relay/sender/ports.ts';
import { awsFailure, isAwsError } from './aws-error.ts';

const Key = { [relayTable.id]: { S: RELAY_HELD } };
const timeOf = (date: Date): AttributeValue.SMember => ({ S: date.toISOString() });
const IS_SAME = '#since = :since';

/** One item of the relay's table, which is there while no key is accepted. */
export function relayHeld(client: DynamoDBClient, TableName: string): Holding {
  /** A condition that doesn't hold means that another was faster. */
  async function unlessEnded(call: string, answer: Promise<unknown>): Promise<void> {
    try {
      await answer;
    } catch (error) {
      if (isAwsError(error, 'ConditionalCheckFailedException')) return;
      throw awsFailure(call, `table ${TableName}`, error);
    }
  }

  return {
    async read() {
      const input = { TableName, Key, ConsistentRead: true };
      try {
        const { Item } = await client.send(new GetItemCommand(input));
        return Item ? heldIn(Item) : undefined;
      } catch (error) {
        throw awsFailure('GetItem', `table ${TableName}`, error);
      }
    },
    async hold(rejected, now) {
      const begin = 'SET #since = if_not_exists(#since, :since) REMOVE #over';
      const isRejected = rejected.length > 0;
      const input = {
        TableName,
        Key,
        UpdateExpression: isRejected ? `ADD #rejected :rejected ${begin}` : begin,
        ExpressionAttributeNames: {
          '#since': 'since',
          '#over': 'over',
          ...(isRejected ? { '#rejected': 'rejected' } : {}),
        },
        ExpressionAttributeValues: {
          ':since': timeOf(now),
          ...(isRejected ? { ':rejected': { SS: [...new Set(rejected)] } } : {}),
        },
      };
      await unlessEnded('UpdateItem', client.send(new UpdateItemCommand(input)));
    },
    async tried({ since }, now) {
      const input = {
        TableName,
        Key,
        UpdateExpression: 'SET #tried = :tried',
        ConditionExpression: IS_SAME,
        ExpressionAttributeNames: { '#tried': 'tried', '#since': 'since' },
        ExpressionAttributeValues: { ':tried': timeOf(now), ':since': timeOf(since) },
      };
      await unlessEnded('UpdateItem', client.send(new UpdateItemCommand(input)));
    },
    async over(held, acceptedAt) {
      const condition = asRead(held);
      const input = {
        TableName,
        Key,
        UpdateExpression: 'SET #over = :over',
        ...condition,
        ExpressionAttributeNames: { ...condition.ExpressionAttributeNames, '#over': 'over' },
        ExpressionAttributeValues: {
          ...condition.ExpressionAttributeValues,
          ':over': timeOf(acceptedAt),
        },
      };
      await unlessEnded('UpdateItem', client.send(new UpdateItemCommand(input)));
    },
    async release(held) {
      const input = { TableName, Key, ...asRead(held) };
      await unlessEnded('DeleteItem', client.send(new DeleteItemCommand(input)));
    },
  };
}

/** That it is the same, and no key was added since it was read. */
function asRead({ since, rejected }: Held) {
  const isRejected = rejected.length > 0;
  const isRead = isRejected ? '#rejected = :rejected' : 'attribute_not_exists(#rejected)';
  return {
    ConditionExpression: `${IS_SAME} AND ${isRead}`,
    ExpressionAttributeNames: { '#since': 'since', '#rejected': 'rejected' },
    ExpressionAttributeValues: {
      ':since': timeOf(since),
      ...(isRejected ? { ':rejected': { SS: [...rejected] } } : {}),
    },
  };
}

function heldIn({ since, rejected, tried, over }: Record<string, AttributeValue>): Held {
  return {
    since: new Date(since?.S ?? 0),
    rejected: rejected?.SS ?? [],
    ...(tried?.S === undefined ? {} : { triedAt: new Date(tried.S) }),
    ...(over?.S === undefined ? {} : { overAt: new Date(over.S) }),
  };
}
