import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { guardTable } from '../contract.ts';
import { digestOf } from '../domain/secret-value.ts';

/** A key may have 2,048 bytes, and some of it is a caller's choice. */
const LONG = 500;

/** Of an item of the access guard's table. */
export const itemKey = (value: string) => ({
  [guardTable.id]: { S: value.length > LONG ? `long ${digestOf(value)}` : value },
});

export const number = (value: number): AttributeValue.NMember => ({ N: String(value) });

/** As DynamoDB's time to live wants it. */
export const second = (time: Date) => number(Math.floor(time.getTime() / 1000));
