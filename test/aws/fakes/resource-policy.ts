/** What a policy may ask about a request. A key that the request lacks is absent. */
export type RequestContext = Readonly<Record<string, string>>;

type Values = string | readonly string[];

export interface Statement {
  readonly Effect: string;
  readonly Principal: unknown;
  readonly Action: Values;
  readonly Resource: Values;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Values>>>>;
}

type Operator = (given: string | undefined, values: readonly string[]) => boolean;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS: Partial<Record<string, Operator>> = {
  StringEquals: (given, values) => given !== undefined && values.includes(given),
  // A negated operator also matches where the key is absent
  StringNotLike: (given, values) => !values.some((value) => isLike(given, value)),
  ArnNotEquals: (given, values) => !values.some((value) => isLike(given, value)),
  Null: (given, values) => values.includes(String(given === undefined)),
};

const KNOWN = ['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition'];

/** Whether a statement of a resource-based policy denies the call; of what it doesn't know, it knows no answer. */
export function isDenied(
  statements: readonly Statement[],
  action: string,
  context: RequestContext,
): boolean {
  return statements.some((statement) => {
    check(statement);
    return listOf(statement.Action).includes(action) && meets(statement, context);
  });
}

function check(statement: Statement): void {
  const { Effect, Principal, Resource } = statement;
  const unknown = Object.keys(statement).filter((field) => !KNOWN.includes(field));
  if (unknown.length > 0) refuse(unknown.join(', '));
  if (Effect !== 'Deny') refuse(`the effect ${Effect}`);
  if (JSON.stringify(Principal) !== '{"AWS":"*"}') refuse(`the principal ${Principal}`);
  if (Resource !== '*') refuse(`the resource ${Resource}`);
}

/** All conditions must be met, each by one of its values. */
function meets({ Condition = {} }: Statement, context: RequestContext): boolean {
  const conditions = Object.entries(Condition).flatMap(([name, keys]) => {
    const operator = OPERATORS[name] ?? refuse(`the operator ${name}`);
    return Object.entries(keys).map(([key, values]) => operator(context[key], listOf(values)));
  });
  return conditions.every(Boolean);
}

/** `*` is any text, `?` any character. */
export function isLike(given: string | undefined, pattern: string): boolean {
  const parts = pattern.split(/([*?])/).map((part) => {
    if (part === '*') return '.*';
    return part === '?' ? '.' : part.replace(/[^\w]/g, '\\$&');
  });
  return given !== undefined && new RegExp(`^${parts.join('')}$`, 's').test(given);
}

const listOf = (values: Values): readonly string[] =>
  typeof values === 'string' ? [values] : values;

function refuse(what: string): never {
  throw new Error(`The fake of a resource-based policy does not know ${what}.`);
}
