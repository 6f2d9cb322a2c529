import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { serviceError } from './errors.ts';

export type Item = Record<string, AttributeValue>;

const MAX_BYTES = 400 * 1024;

export function invalid(message: string): never {
  throw serviceError('dynamodb', 'ValidationException', message);
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
export function checkValue(value: AttributeValue): AttributeValue {
  const [[type, content] = ['', undefined], ...more] = Object.entries(value);
  if (more.length > 0) {
    invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  if (type === 'S') return value;
  if (type === 'N') return checkNumber(value);
  if (type === 'SS') return checkSet('string', content as string[], value);
  if (type === 'NS') {
    const numbers = content as string[];
    for (const N of numbers) checkNumber({ N });
    return checkSet('number', numbers, value);
  }
  throw new Error(`The fake of dynamodb does not know values of type ${type}.`);
}

function checkNumber(value: AttributeValue): AttributeValue {
  if (!/^-?\d{1,38}$/.test(value.N ?? '')) {
    invalid(`A value provided cannot be converted into a number`);
  }
  return value;
}

function checkSet(
  of: 'string' | 'number',
  content: readonly string[],
  value: AttributeValue,
): AttributeValue {
  if (content.length === 0) {
    invalid(`One or more parameter values were invalid: An ${of} set  may not be empty`);
  }
  if (new Set(content).size < content.length) {
    invalid(
      `One or more parameter values were invalid: Input collection [${content.join(', ')}] contains duplicates.`,
    );
  }
  return value;
}

/** Names and values in UTF-8. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export function bytesOf(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, { S, N, SS, NS }]) =>
      sum + lengthOf(name, S ?? '', N ?? '', ...(SS ?? []), ...(NS ?? [])),
    0,
  );
}

const lengthOf = (...texts: string[]) =>
  texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

export function checkSize(item: Item, message: string): Item {
  if (bytesOf(item) > MAX_BYTES) invalid(message);
  return item;
}
