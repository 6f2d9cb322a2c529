import { type Conditions, listOf, refuse } from './document.ts';
import { isArnLike, isLike } from './pattern.ts';
import { filledIn } from './variables.ts';

/**
 * What a policy may ask about a request. `undefined`: the request lacks the key. A name that ends
 * with `*` stands for all keys that begin so. Any other key is unknown.
 */
export type Context = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Does one value of the request meet one of the policy's? */
type Test = (given: string, value: string) => boolean;

const equals: Test = (given, value) => given === value;

/** As policies write them: `2027-01-31T00:00:00Z`. */
function timeOf(text: string): number {
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text);
  return isTime ? new Date(text).getTime() : refuse(`the time ${text}`);
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS: Readonly<Record<string, Test>> = {
  StringEquals: equals,
  StringLike: isLike,
  ArnEquals: isArnLike,
  ArnLike: isArnLike,
  DateLessThan: (given, value) => timeOf(given) < timeOf(value),
  DateGreaterThanEquals: (given, value) => timeOf(given) >= timeOf(value),
  Bool: (given, value) => given.toLowerCase() === value.toLowerCase(),
};

const NEGATED: Readonly<Record<string, Test>> = {
  StringNotEquals: equals,
  StringNotLike: isLike,
  ArnNotEquals: isArnLike,
  ArnNotLike: isArnLike,
};

/** All keys of all operators must be met, each by one of its values. */
export function meets(conditions: Conditions, context: Context): boolean {
  const given = (key: string) => lookUp(context, key);
  const met = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) =>
      meetsOne(operator, given(key), filledIn(listOf(values), operator, given)),
    ),
  );
  return met.every(Boolean);
}

/** Names of keys are read without regard to case. */
function lookUp(context: Context, key: string): Context[string] {
  const wanted = key.toLowerCase();
  const names = Object.keys(context);
  const name =
    names.find((one) => one.toLowerCase() === wanted) ??
    names.find((one) => one.endsWith('*') && wanted.startsWith(one.slice(0, -1).toLowerCase()));
  return name === undefined ? refuse(`the key ${key} for this request`) : context[name];
}

type Given = Context[string];

function meetsOne(operator: string, given: Given, values: readonly string[]): boolean {
  if (operator === 'Null') return values.includes(String(given === undefined));
  const [, qualifier, name = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const test = OPERATORS[name] ?? NEGATED[name] ?? refuse(`the operator ${operator}`);
  const isNegated = name in NEGATED;
  const meetsValues = (one: string) => values.some((value) => test(one, value)) !== isNegated;
  if (qualifier) return meetsSet(qualifier, listOf(given), meetsValues);
  // A negated operator also matches where the key is absent
  if (given === undefined) return isNegated || ifExists !== undefined;
  return meetsValues(typeof given === 'string' ? given : refuse(`${operator} of several values`));
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html */
function meetsSet(qualifier: string, given: readonly string[], test: (one: string) => boolean) {
  return qualifier === 'ForAllValues' ? given.every(test) : given.some(test);
}
