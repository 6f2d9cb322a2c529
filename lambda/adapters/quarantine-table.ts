import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { guardTable, QUARANTINES_ITEM } from '../contract.ts';
import { KeysError } from '../domain/errors.ts';
import { json } from '../domain/json.ts';
import type { Quarantines } from '../domain/quarantine/ports.ts';
import type { Desired, Kept } from '../domain/quarantine/quarantine.ts';
import { awsFailure, isAwsError } from './aws-error.ts';

const Key = { [guardTable.id]: { S: QUARANTINES_ITEM } };

const text = z.string();
const time = z.iso.datetime({ precision: 3 });
const kept = z.object({
  id: text,
  denied: z.object({
    session: z.optional(text),
    principal: z.optional(text),
    address: z.optional(text),
  }),
  principal: text,
  key: z.optional(text),
  score: z.number(),
  reasons: z.array(text),
  eventId: text,
  at: time,
  until: time,
  isAnnounced: z.boolean(),
  slot: z.number(),
  releasedAt: z.optional(time),
});
const item = z.object({
  version: z.object({ N: z.string().check(z.regex(/^\d{1,15}$/)) }),
  list: z.object({ S: text }),
});

/** One item of the access guard's table, without an end: a list as JSON, and its version. */
export function quarantineTable(client: DynamoDBClient, TableName: string): Quarantines {
  const of = `table ${TableName}`;
  return {
    async all() {
      const input = { TableName, Key, ConsistentRead: true };
      const { Item } = await client.send(new GetItemCommand(input)).catch((error: unknown) => {
        throw awsFailure('GetItem', of, error);
      });
      if (!Item) return { version: 0, quarantines: [] };
      return desiredIn(Item) ?? refuse(TableName);
    },
    async change(to, ifVersion) {
      const version = ifVersion + 1;
      const condition = ifVersion === 0 ? FIRST : isStill(ifVersion);
      const Item = { ...Key, version: { N: String(version) }, list: { S: JSON.stringify(to) } };
      try {
        await client.send(new PutItemCommand({ TableName, Item, ...condition }));
        return { version, quarantines: to };
      } catch (error) {
        if (isAwsError(error, 'ConditionalCheckFailedException')) return undefined;
        throw awsFailure('PutItem', of, error);
      }
    },
  };
}

const FIRST = {
  ConditionExpression: 'attribute_not_exists(#id)',
  ExpressionAttributeNames: { '#id': guardTable.id },
};

const isStill = (version: number) => ({
  ConditionExpression: '#version = :version',
  ExpressionAttributeNames: { '#version': 'version' },
  ExpressionAttributeValues: { ':version': { N: String(version) } },
});

function desiredIn(raw: unknown): Desired | undefined {
  const { data } = item.safeParse(raw);
  const { data: quarantines } = z.array(kept).safeParse(json(data?.list.S));
  if (!data || !quarantines) return undefined;
  return { version: Number(data.version.N), quarantines: quarantines as readonly Kept[] };
}

/** To begin with none would allow what is denied. */
function refuse(table: string): never {
  throw new KeysError(
    'VALUE_MALFORMED',
    `Item "quarantines" of table ${table} isn't as the functions write it, so what is denied stays so and nobody is quarantined any more. Delete it, which ends all quarantines: aws dynamodb delete-item --table-name ${table} --key '{"${guardTable.id}":{"S":"quarantines"}}'`,
  );
}
