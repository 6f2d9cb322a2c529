import { PRICE } from '../../bin/cost/prices.ts';
import { guardTableName, tag, usageGroupName } from '../../lambda/contract.ts';
import { bytesOf } from '../aws/fakes/dynamodb-item.ts';
import { type CloudTrailRecord, read, role } from '../aws/recorded/cloudtrail.ts';
import { createWorld, type World } from '../lambda/world.ts';
import type { Part, Row } from './measurement.ts';

const EVENTS = 10_000;
const BATCH = 100;
const MINUTE = 60_000;
/** What a call takes at AWS within a Region. */
const CALL_MS = 20;
const MEMORY_GB = 0.5;
const BYTES_PER_LINE = 26;
const KILOBYTE = 1_024;

interface Flooded {
  /** Of this machine, the fakes' share included. */
  readonly cpuMs: number;
  /** By the fakes' clock. */
  readonly seconds: number;
  readonly calls: number;
  readonly messages: number;
  readonly writes: number;
  readonly logBytes: number;
}

type EventOf = (index: number, at: Date) => CloudTrailRecord;

/** What comes in a minute of a flood, handed over in batches one after the other. */
async function flood(eventOf: EventOf): Promise<Flooded> {
  const consumer = { [tag.consumer(1)]: 'arn:aws:iam::111122223333:role/backend' };
  const world = await createWorld({ guard: {}, tags: consumer });
  try {
    world.aws.takeTime(CALL_MS);
    const total = { cpuMs: 0, seconds: 0, calls: 0, writes: 0 };
    for (let first = 0; first < EVENTS; first += BATCH) {
      const at = world.aws.clock.now();
      const batch = Array.from({ length: BATCH }, (_, index) => eventOf(first + index, at));
      world.aws.resetCalls();
      const { user } = process.cpuUsage();
      await world.deliver(...batch);
      total.cpuMs += (process.cpuUsage().user - user) / 1_000;
      total.seconds += (world.aws.clock.now().getTime() - at.getTime()) / 1_000;
      total.calls += world.aws.calls.length;
      total.writes += writesOf(world);
    }
    const lines = world.aws.logs.messagesOf(usageGroupName('dev'));
    const logBytes = lines.reduce((sum, line) => sum + line.length + BYTES_PER_LINE, 0);
    return { ...total, messages: world.aws.sns.published.length, logBytes };
  } finally {
    await world.close();
  }
}

/** In DynamoDB's units, one for each KB of an item that is written. */
function writesOf({ aws }: World): number {
  const items = aws.dynamoDb.itemsOf(guardTableName('dev'));
  const ids = aws.calls.flatMap(({ input }) => {
    const { Key, Item } = input as { Key?: { id: { S: string } }; Item?: { id: { S: string } } };
    return Key?.id.S ?? Item?.id.S ?? [];
  });
  return ids.reduce((sum, id) => sum + Math.ceil(bytesOf(items.get(id) ?? {}) / KILOBYTE), 0);
}

/** Of a million of its events: SQS, Lambda, DynamoDB, CloudWatch Logs and SNS. */
function dollars({ seconds, writes, logBytes, messages }: Flooded): number {
  const batches = EVENTS / BATCH;
  const parts = [
    // Sent one by one, received and deleted by tens
    [EVENTS * 1.2, PRICE.sqsRequest],
    [batches, PRICE.lambdaRequest],
    [seconds * MEMORY_GB, PRICE.lambdaGigabyteSecondArm],
    [writes, PRICE.dynamoWrite],
    [logBytes / KILOBYTE ** 3, PRICE.logGigabyteIngested],
    [messages, PRICE.snsRequest],
  ] as const;
  const usd = parts.reduce((sum, [amount, price]) => sum + (amount * price.usd) / price.per, 0);
  return (usd * 1_000_000) / EVENTS;
}

const READERS: readonly (readonly [string, EventOf])[] = [
  ['one consumer', (_, at) => read({ at })],
  [
    'a thousand addresses',
    (index, at) => read({ at, from: `198.51.${index % 4}.${Math.floor(index / 4) % 250}` }),
  ],
  [
    'a thousand strangers',
    (index, at) => read({ at, by: role(`stranger-${index % 1_000}`), from: '198.51.100.1' }),
  ],
];

function rowsOf(who: string, flooded: Flooded): Row[] {
  const { cpuMs, seconds, calls } = flooded;
  const minute = { what: 'a minute', measured: MINUTE / 1_000 };
  return [
    { what: `${who}, CPU`, measured: cpuMs / 1_000, unit: 's', peer: minute, bar: { ratio: 0.5 } },
    { what: `${who}, with AWS`, measured: seconds, unit: 's', peer: minute, bar: { ratio: 1 } },
    { what: `${who}, per 1,000 events`, measured: (calls * 1_000) / EVENTS, unit: 'calls' },
    {
      what: `${who}, a million events`,
      measured: dollars(flooded),
      unit: 'USD',
      bar: { most: 10 },
    },
  ];
}

export const guard: Part = {
  name: 'guard',
  about: `Access guard in a flood of 10,000 reads, ${BATCH} a batch, one batch at a time, ${CALL_MS} ms a call`,
  async measure({ progress }) {
    const rows: Row[] = [];
    for (const [who, eventOf] of READERS) {
      progress(who);
      rows.push(...rowsOf(who, await flood(eventOf)));
    }
    return rows;
  },
};
