import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Item, invalid } from './dynamodb-item.ts';
import { APPLIED, actionsIn, type Changes, overlap } from './dynamodb-update.ts';

/**
 * Expressions as far as this project writes them: updates of whole attributes, conditions of
 * comparisons, `size` and `attribute_not_exists` joined by AND and OR. A name that isn't put in by `#` is
 * refused: it might be one of the many that are reserved.
 */
export class Expressions {
  readonly #names: Readonly<Record<string, string>>;
  readonly #values: Readonly<Record<string, AttributeValue>>;
  readonly #used = new Set<string>();

  constructor(
    names: Readonly<Record<string, string>> = {},
    values: Readonly<Record<string, AttributeValue>> = {},
  ) {
    this.#names = names;
    this.#values = values;
  }

  /** @throws ValidationException of names and values that no expression has used */
  finish(): void {
    for (const [kind, given] of [
      ['ExpressionAttributeValues', this.#values],
      ['ExpressionAttributeNames', this.#names],
    ] as const) {
      const unused = Object.keys(given).filter((name) => !this.#used.has(name));
      if (unused.length > 0) {
        invalid(`Value provided in ${kind} unused in expressions: keys: {${unused.join(', ')}}`);
      }
    }
  }

  /** Whether a condition holds; of no condition it does. */
  holds(condition: string | undefined, item: Item | undefined): boolean {
    if (condition === undefined) return true;
    const all = (part: string) => part.split(' AND ').map((one) => this.#test(one, item ?? {}));
    const parts = condition.split(' OR ').map((part) => !all(part).includes(false));
    return parts.includes(true);
  }

  #test(part: string, item: Item): boolean {
    const absent = /^attribute_not_exists\((#\w+)\)$/.exec(part)?.[1];
    if (absent) return item[this.#name(absent)] === undefined;
    const compared = /^(?:size\((#\w+)\)|(#\w+)) (<=|<|=) (:\w+)$/.exec(part);
    if (!compared) throw new Error(`The fake of dynamodb does not know the condition ${part}.`);
    const [, sized, plain, operator = '', right = ''] = compared;
    const value = this.#value(right);
    const left = item[this.#name(sized ?? plain ?? '')];
    const found = sized ? sizeOf(left) : left;
    return found !== undefined && compare(found, value, operator);
  }

  /** The attributes that an update changes, undefined what it takes away. */
  updated(expression: string, item: Item): Changes {
    const changes = new Map<string, AttributeValue | undefined>();
    for (const { verb, name, value, keeps } of actionsIn(expression)) {
      const attribute = this.#name(name);
      if (changes.has(attribute)) overlap(name);
      const given = value === undefined ? undefined : this.#value(value);
      const before = item[attribute];
      changes.set(attribute, keeps && before ? before : APPLIED[verb](before, given));
    }
    return changes;
  }

  #name(name: string): string {
    this.#used.add(name);
    return (
      this.#names[name] ??
      invalid(
        `Invalid expression: An expression attribute name used in the document path is not defined; attribute name: ${name}`,
      )
    );
  }

  #value(name: string): AttributeValue {
    this.#used.add(name);
    return (
      this.#values[name] ??
      invalid(
        `Invalid expression: An expression attribute value used in expression is not defined; attribute value: ${name}`,
      )
    );
  }
}

function sizeOf(value: AttributeValue | undefined): AttributeValue | undefined {
  if (value === undefined) return undefined;
  const members = value.SS ?? value.NS;
  return { N: String(members?.length ?? Buffer.byteLength(value.S ?? '')) };
}

/** Values of different types compare as false. */
function compare(left: AttributeValue, right: AttributeValue, operator: string): boolean {
  if (operator === '=' && left.SS && right.SS) {
    return left.SS.toSorted().join('\n') === right.SS.toSorted().join('\n');
  }
  const order = orderOf(left, right);
  if (order === undefined) return false;
  if (operator === '=') return order === 0;
  return operator === '<' ? order < 0 : order <= 0;
}

function orderOf(left: AttributeValue, right: AttributeValue): number | undefined {
  if (left.N !== undefined && right.N !== undefined) return Number(left.N) - Number(right.N);
  if (left.S === undefined || right.S === undefined) return undefined;
  return Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
}
