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
  async function unlessOver(call: string, answer: Promise<unknown>): Promise<void> {
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
      const begin = 'SET #since = if_not_exists(#since, :since)';
      const isRejected = rejected.length > 0;
      const input = {
        TableName,
        Key,
        UpdateExpression: isRejected ? `ADD #rejected :rejected ${begin}` : begin,
        ExpressionAttributeNames: {
          '#since': 'since',
          ...(isRejected ? { '#rejected': 'rejected' } : {}),
        },
        ExpressionAttributeValues: {
          ':since': timeOf(now),
          ...(isRejected ? { ':rejected': { SS: [...new Set(rejected)] } } : {}),
        },
      };
      await unlessOver('UpdateItem', client.send(new UpdateItemCommand(input)));
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
      await unlessOver('UpdateItem', client.send(new UpdateItemCommand(input)));
    },
    async release({ since, rejected }) {
      const isRejected = rejected.length > 0;
      const isRead = isRejected ? '#rejected = :rejected' : 'attribute_not_exists(#rejected)';
      const input = {
        TableName,
        Key,
        ConditionExpression: `${IS_SAME} AND ${isRead}`,
        ExpressionAttributeNames: { '#since': 'since', '#rejected': 'rejected' },
        ExpressionAttributeValues: {
          ':since': timeOf(since),
          ...(isRejected ? { ':rejected': { SS: [...rejected] } } : {}),
        },
      };
      await unlessOver('DeleteItem', client.send(new DeleteItemCommand(input)));
    },
  };
}

function heldIn({ since, rejected, tried }: Record<string, AttributeValue>): Held {
  return {
    since: new Date(since?.S ?? 0),
    rejected: rejected?.SS ?? [],
    ...(tried?.S === undefined ? {} : { triedAt: new Date(tried.S) }),
  };
}
