import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { invalid } from './dynamodb-item.ts';

/** Attributes by name; undefined: taken away. */
export type Changes = ReadonlyMap<string, AttributeValue | undefined>;

export type Verb = 'ADD' | 'SET' | 'DELETE' | 'REMOVE';

interface Action {
  readonly verb: Verb;
  /** By `#`. */
  readonly name: string;
  /** By `:`; none of a REMOVE. */
  readonly value?: string;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters */
const MAX_EXPRESSION_BYTES = 4_096;
const MAX_OPERATORS = 300;

const ACTION: Readonly<Record<Verb, RegExp>> = {
  ADD: /^(#\w+) (:\w+)$/,
  DELETE: /^(#\w+) (:\w+)$/,
  SET: /^(#\w+) = (:\w+)$/,
  REMOVE: /^(#\w+)$/,
};

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html */
export function actionsIn(expression: string): Action[] {
  const bytes = Buffer.byteLength(expression);
  if (bytes > MAX_EXPRESSION_BYTES) {
    invalid(
      `Invalid UpdateExpression: Expression size has exceeded the maximum allowed size; expression size: ${bytes}`,
    );
  }
  const clauses = expression.split(/ ?\b(ADD|SET|DELETE|REMOVE) /);
  const seen = new Set<string>();
  const actions: Action[] = [];
  for (let index = 1; index < clauses.length; index += 2) {
    const [verb, list = ''] = [clauses[index] as Verb, clauses[index + 1]];
    if (seen.has(verb)) {
      invalid(
        `Invalid UpdateExpression: The "${verb}" section can only be used once in an update expression;`,
      );
    }
    seen.add(verb);
    for (const text of list.split(', ')) {
      const [, name, value] = ACTION[verb].exec(text) ?? [];
      if (!name) throw new Error(`The fake of dynamodb does not know the update ${expression}.`);
      actions.push({ verb, name, ...(value ? { value } : {}) });
    }
  }
  if (clauses[0] !== '' || actions.length === 0 || actions.length > MAX_OPERATORS) {
    throw new Error(`The fake of dynamodb does not know the update ${expression}.`);
  }
  return actions;
}

export function overlap(name: string): never {
  return invalid(
    `Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [${name}], path two: [${name}]`,
  );
}

type Value = AttributeValue | undefined;

/** What becomes of an attribute. */
export const APPLIED: Readonly<Record<Verb, (before: Value, given: Value) => Value>> = {
  SET: (_, given) => given,
  REMOVE: () => undefined,
  ADD(before, given) {
    if (given?.S !== undefined) wrongOperand('ADD', 'STRING');
    if (before === undefined) return given;
    if (before.N !== undefined && given?.N !== undefined) {
      return { N: String(Number(before.N) + Number(given.N)) };
    }
    if (before.SS && given?.SS) return { SS: [...new Set([...before.SS, ...given.SS])] };
    if (before.NS && given?.NS) return { NS: [...new Set([...before.NS, ...given.NS])] };
    return wrongType();
  },
  DELETE(before, given) {
    if (given?.S !== undefined) wrongOperand('DELETE', 'STRING');
    if (given?.N !== undefined) wrongOperand('DELETE', 'NUMBER');
    if (before === undefined) return undefined;
    if (before.SS && given?.SS) return setOf('SS', before.SS, given.SS);
    if (before.NS && given?.NS) return setOf('NS', before.NS, given.NS);
    return wrongType();
  },
};

/** There are no empty sets: the attribute goes with its last member. */
function setOf(type: 'SS' | 'NS', before: readonly string[], gone: readonly string[]): Value {
  const left = before.filter((member) => !gone.includes(member));
  return left.length === 0 ? undefined : ({ [type]: left } as unknown as AttributeValue);
}

const wrongType = () => invalid('An operand in the update expression has an incorrect data type');

function wrongOperand(verb: Verb, type: string): never {
  return invalid(
    `Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ${verb}, operand type: ${type}, typeSet: ALLOWED_FOR_${verb}_OPERAND`,
  );
}
