import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { guardTable } from '../contract.ts';
import type { Baseline, Baselines } from '../domain/access-guard/risk/ports.ts';
import { awsFailure } from './aws-error.ts';
import { itemKey, number, second } from './guard-item.ts';

const { expires } = guardTable;
const STEPS = 'steps';
/** Reads of the day since 1970 that follows. */
const READS = 'reads ';
/** A trait follows, whose value is a set of days. */
const SEEN = 'seen ';

/** Names and values of one update, each under a short word: many of the names are reserved, or long. */
class Update {
  readonly #names = new Map<string, string>();
  readonly #values = new Map<string, AttributeValue>();
  readonly #clauses = new Map<string, string[]>();

  add(attribute: string, value: AttributeValue): void {
    this.#clause('ADD', `${this.#name(attribute)} ${this.#value(value)}`);
  }

  set(attribute: string, value: AttributeValue): void {
    this.#clause('SET', `${this.#name(attribute)} = ${this.#value(value)}`);
  }

  /** Takes members out of a set. */
  delete(attribute: string, value: AttributeValue): void {
    this.#clause('DELETE', `${this.#name(attribute)} ${this.#value(value)}`);
  }

  remove(attribute: string): void {
    this.#clause('REMOVE', this.#name(attribute));
  }

  get isEmpty(): boolean {
    return this.#clauses.size === 0;
  }

  get input() {
    const { size } = this.#values;
    return {
      UpdateExpression: [...this.#clauses]
        .map(([verb, actions]) => `${verb} ${actions.join(', ')}`)
        .join(' '),
      ExpressionAttributeNames: Object.fromEntries(this.#names),
      ...(size > 0 ? { ExpressionAttributeValues: Object.fromEntries(this.#values) } : {}),
    };
  }

  #clause(verb: string, action: string): void {
    this.#clauses.set(verb, [...(this.#clauses.get(verb) ?? []), action]);
  }

  #name(attribute: string): string {
    const name = `#n${this.#names.size}`;
    this.#names.set(name, attribute);
    return name;
  }

  #value(value: AttributeValue): string {
    const name = `:v${this.#values.size}`;
    this.#values.set(name, value);
    return name;
  }
}

const days = (some: readonly number[]) => ({ NS: some.map(String) });

/**
 * One item for each principal, whose attributes grow by ADD: what several write at the same time
 * adds up, and what is written twice is there once, but for the counts of reads.
 */
export function baselineTable(client: DynamoDBClient, TableName: string): Baselines {
  const told = async <Answer>(call: string, answer: Promise<Answer>): Promise<Answer> => {
    try {
      return await answer;
    } catch (error) {
      throw awsFailure(call, `table ${TableName}`, error);
    }
  };
  async function get(item: string) {
    const input = { TableName, Key: itemKey(item), ConsistentRead: true };
    const { Item } = await told('GetItem', client.send(new GetItemCommand(input)));
    return Item;
  }

  const send = (principal: string, update: Update, ReturnValues: 'ALL_NEW' | 'NONE') => {
    const Key = itemKey(`baseline ${principal}`);
    const input = { TableName, Key, ReturnValues, ...update.input };
    return told('UpdateItem', client.send(new UpdateItemCommand(input)));
  };

  return {
    async note(principal, { reads, steps }, until) {
      const update = new Update();
      for (const [day, count] of reads) update.add(`${READS}${day}`, number(count));
      if (steps.length > 0) update.add(STEPS, { SS: [...steps] });
      update.set(expires, second(until));
      const { Attributes = {} } = await send(principal, update, 'ALL_NEW');
      return baselineIn(Attributes);
    },
    async known(principal) {
      return baselineIn((await get(`baseline ${principal}`)) ?? {});
    },
    async learn(principal, traits, day, outdated) {
      const update = new Update();
      for (const trait of traits) update.add(`${SEEN}${trait}`, days([day]));
      for (const trait of outdated.traits) update.remove(`${SEEN}${trait}`);
      for (const one of outdated.days) update.remove(`${READS}${one}`);
      for (const [trait, some] of outdated.seen) update.delete(`${SEEN}${trait}`, days(some));
      if (outdated.steps.length > 0) update.delete(STEPS, { SS: [...outdated.steps] });
      if (!update.isEmpty) await send(principal, update, 'NONE');
    },
    async keepAddress(address, until) {
      const Item = { ...itemKey(`address ${address}`), [expires]: second(until) };
      await told('PutItem', client.send(new PutItemCommand({ TableName, Item })));
    },
    async isKept(address, now) {
      const item = await get(`address ${address}`);
      return Number(item?.[expires]?.N ?? 0) > now.getTime() / 1000;
    },
  };
}

function baselineIn(item: Readonly<Record<string, AttributeValue>>): Baseline {
  const under = (prefix: string) =>
    Object.entries(item).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value] as const] : [],
    );
  return {
    traits: new Map(under(SEEN).map(([trait, { NS = [] }]) => [trait, NS.map(Number)])),
    reads: new Map(under(READS).map(([day, { N }]) => [Number(day), Number(N)])),
    steps: item[STEPS]?.SS ?? [],
  };
}
