import {
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import pRetry from 'p-retry';
import { RELAY_TRACE, relayTable } from '../contract.ts';
import type { AtOnce } from '../domain/ports.ts';
import { inOrder } from '../domain/relay/models.ts';
import type { ModelCall, Models } from '../domain/relay/ports.ts';
import { awsFailure, isAwsError } from './aws-error.ts';

export interface ModelsTableOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly now: () => Date;
  readonly atOnce: AtOnce;
  /** Waits between tries double from this, with jitter. @default 50 ms */
  readonly backoffMs?: number;
}

/** Longer than the queue keeps an event: one that a rejected key held up still gets its models. */
const KEPT_MS = 15 * 86_400_000;
/** Of one trace, since a write costs as much as the item is large. What is called later is absent. */
const MOST_CALLS = 200;
/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const ITEMS_PER_CALL = 100;
const CALLS_AT_ONCE = 5;
const RETRIES = 5;

const { id, expires } = relayTable;
const keyOf = (trace: string) => ({ [id]: { S: `${RELAY_TRACE}${trace}` } });

/** Calls of models, until their executions are sent. What expired is deleted some time after. */
export function modelsTable(options: ModelsTableOptions): Models {
  return {
    add: (trace, calls) => add(options, trace, calls),
    async of(traces) {
      const call = options.atOnce(CALLS_AT_ONCE);
      const wanted = [...new Set(traces)];
      const found = await Promise.all(
        chunksOf(wanted).map((chunk) => call(() => look(options, chunk))),
      );
      return new Map(found.flat());
    },
  };
}

async function add(
  { client, table, now }: ModelsTableOptions,
  trace: string,
  calls: readonly ModelCall[],
): Promise<void> {
  if (calls.length === 0) return;
  const until = Math.ceil((now().getTime() + KEPT_MS) / 1_000);
  const input = {
    TableName: table,
    Key: keyOf(trace),
    UpdateExpression: 'ADD #models :models SET #expires = :expires',
    ConditionExpression: 'attribute_not_exists(#models) OR size(#models) < :most',
    ExpressionAttributeNames: { '#models': 'models', '#expires': expires },
    ExpressionAttributeValues: {
      ':models': { SS: [...new Set(calls.map(textOf))].slice(0, MOST_CALLS) },
      ':expires': { N: String(until) },
      ':most': { N: String(MOST_CALLS) },
    },
  };
  try {
    await client.send(new UpdateItemCommand(input));
  } catch (error) {
    if (isAwsError(error, 'ConditionalCheckFailedException')) return;
    throw awsFailure('UpdateItem', `table ${table}`, error);
  }
}

const textOf = ({ model, slotMs }: ModelCall) => `${slotMs} ${model}`;

function callsIn(text: string): readonly ModelCall[] {
  const [, slotMs, model] = /^(\d+) (.+)$/.exec(text) ?? [];
  return model === undefined ? [] : [{ model, slotMs: Number(slotMs) }];
}

type Item = NonNullable<BatchGetItemCommandOutput['Responses']>[string][number];

async function look(
  { client, table, backoffMs = 50 }: ModelsTableOptions,
  traces: readonly string[],
): Promise<(readonly [string, readonly ModelCall[]])[]> {
  const items: Item[] = [];
  let left = { [table]: { Keys: traces.map(keyOf) } };
  const attempt = async () => {
    const answer = await client.send(new BatchGetItemCommand({ RequestItems: left }));
    items.push(...(answer.Responses?.[table] ?? []));
    const Keys = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    left = { [table]: { Keys: Keys as { [id]: { S: string } }[] } };
    if (Keys.length > 0) throw new SomeUnread();
  };
  try {
    await pRetry(attempt, {
      retries: RETRIES,
      minTimeout: backoffMs,
      randomize: true,
      // The SDK has tried again what failed as a whole
      shouldRetry: ({ error }) => error instanceof SomeUnread,
    });
  } catch (error) {
    throw awsFailure('BatchGetItem', `table ${table}`, error);
  }
  return items.map((item) => [
    (item[id]?.S ?? '').slice(RELAY_TRACE.length),
    inOrder((item.models?.SS ?? []).flatMap(callsIn)),
  ]);
}

/** In the form of the SDK's errors: DynamoDB leaves out what would be throttled, and answers 200. */
class SomeUnread extends Error {
  override readonly name = 'ProvisionedThroughputExceededException';
}

const chunksOf = (traces: readonly string[]) =>
  Array.from({ length: Math.ceil(traces.length / ITEMS_PER_CALL) }, (_, at) =>
    traces.slice(at * ITEMS_PER_CALL, (at + 1) * ITEMS_PER_CALL),
  );
