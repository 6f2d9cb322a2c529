import type { Context } from './conditions.ts';
import { refuse } from './document.ts';

/** `${aws:userid}`, or `${aws:SourceIp, 'none'}` with what stands for a key that the request lacks. */
const VARIABLE = /\$\{([^}]*)\}/g;
const NAMED = /^([\w:/-]+)(?:, '([^'{}]*)')?$/;

/**
 * Values of a condition, with what the request has in place of their variables. They go with operators
 * of strings and ARNs alone.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function filledIn(
  values: readonly string[],
  operator: string,
  lookUp: (key: string) => Context[string],
): readonly string[] {
  if (!values.some((value) => value.includes('${'))) return values;
  if (!/^(?:ForA\w+:)?(?:String|Arn)/.test(operator)) refuse(`variables with ${operator}`);
  return values.map((value) => value.replace(VARIABLE, (text) => inPlaceOf(text, lookUp)));
}

function inPlaceOf(variable: string, lookUp: (key: string) => Context[string]): string {
  const [, key = '', other] = NAMED.exec(variable.slice(2, -1)) ?? [];
  if (key === '') refuse(`the variable ${variable}`);
  const value = lookUp(key) ?? other;
  // By one sentence of the page such a value matches nothing, by another the statement is invalid.
  if (value === undefined) return refuse(`${variable} of a request without ${key}`);
  if (typeof value !== 'string') return refuse(`the variable ${variable} of several values`);
  // Whether it would be one is said nowhere.
  return /[*?]/.test(value) ? refuse(`a wildcard in ${variable}`) : value;
}
