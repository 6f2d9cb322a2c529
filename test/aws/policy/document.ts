type Values = string | readonly string[];

export type Conditions = Readonly<Record<string, Readonly<Record<string, Values>>>>;

/** A statement of which every element is known. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Values | Readonly<Partial<Record<'AWS' | 'Service', Values>>>;
  readonly Action: Values;
  /** Absent in the policy by which a role is trusted. */
  readonly Resource?: Values;
  readonly Condition?: Conditions;
}

const ELEMENTS = ['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition'];

/** The statements of a policy as IAM, KMS or Secrets Manager takes it. */
export function statementsOf(document: unknown): readonly Statement[] {
  const { Statement, ...rest } = document as { Version?: string; Statement: unknown };
  for (const [element, value] of Object.entries(rest)) {
    if (element !== 'Version' || value !== '2012-10-17') refuse(`${element} ${value}`);
  }
  const isVersioned = 'Version' in rest;
  return [Statement].flat().map((one) => checked(one as Statement, isVersioned));
}

function checked(statement: Statement, isVersioned: boolean): Statement {
  for (const element of Object.keys(statement)) {
    if (!ELEMENTS.includes(element)) refuse(`the element ${element}`);
  }
  const { Effect, Action, Principal = {} } = statement;
  if (Effect !== 'Allow' && Effect !== 'Deny') refuse(`the effect ${Effect}`);
  if (Action === undefined) refuse('a statement without an action');
  if (typeof Principal !== 'string') {
    for (const kind of Object.keys(Principal)) {
      if (kind !== 'AWS' && kind !== 'Service') refuse(`the principal ${kind}`);
    }
  } else if (Principal !== '*') refuse(`the principal ${Principal}`);
  const { Resource, Condition } = statement;
  if (hasVariables(Resource)) refuse('variables of a resource');
  // There they would be taken as they are written
  if (!isVersioned && hasVariables(Condition)) refuse('variables in a policy without a version');
  return statement;
}

const hasVariables = (part: unknown) => JSON.stringify(part ?? '').includes('${');

export const listOf = (values: Values = []): readonly string[] =>
  typeof values === 'string' ? [values] : values;

/** Of what it doesn't know, the evaluator knows no answer. */
export function refuse(what: string): never {
  throw new Error(`The evaluator of policies does not know ${what}.`);
}
