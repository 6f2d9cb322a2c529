import { isLike } from './policy/pattern.ts';

/**
 * Whether EventBridge's pattern matches an event, as far as ours go: an operator that isn't known
 * here is refused. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html
 */
export function matches(pattern: unknown, event: unknown): boolean {
  return Object.entries(pattern as object).every(([field, wanted]) => {
    if (field === '$or') return (wanted as unknown[]).some((one) => matches(one, event));
    const there = fieldOf(event, field);
    if (!Array.isArray(wanted)) return isObject(there) && matches(wanted, there);
    const values = Array.isArray(there) ? there : [there];
    return values.some((value) => wanted.some((one) => isMet(one, value)));
  });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const fieldOf = (event: unknown, field: string) => (isObject(event) ? event[field] : undefined);

function isMet(wanted: unknown, value: unknown): boolean {
  if (!isObject(wanted)) return wanted === value;
  const [[operator = '', operand] = [], other] = Object.entries(wanted);
  const is = OPERATORS[operator];
  if (!is || other) throw new Error(`The operator ${JSON.stringify(wanted)} is not known here.`);
  return typeof value === 'string' && is(operand, value);
}

const OPERATORS: Readonly<Record<string, (operand: unknown, value: string) => boolean>> = {
  prefix: (prefix, value) => value.startsWith(String(prefix)),
  'anything-but': (names, value) => !(names as unknown[]).includes(value),
  wildcard: (text, value) => isLike(value, String(text)),
};
