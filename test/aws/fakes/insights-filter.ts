import type { Row } from './insights.ts';
import type { Tokens } from './insights-tokens.ts';

export type Test = (row: Row) => boolean;

/**
 * `field = "text"`, `field >= "text"` and `<=` of texts, `field in ["text"]`, `field like /regex/` or `"text"`, `ispresent(field)`, with
 * `field not in ["text"]`, `and`, `or` and parentheses. What a negation says of a field that isn't there isn't documented.
 */
export function filterOf(tokens: Tokens): Test {
  const tests = [bothOf(tokens)];
  while (tokens.skip('or')) tests.push(bothOf(tokens));
  return (row) => tests.some((test) => test(row));
}

function bothOf(tokens: Tokens): Test {
  const tests = [oneOf(tokens)];
  while (tokens.skip('and')) tests.push(oneOf(tokens));
  return (row) => tests.every((test) => test(row));
}

function oneOf(tokens: Tokens): Test {
  if (tokens.skip('(')) {
    const test = filterOf(tokens);
    tokens.pass(')');
    return test;
  }
  if (tokens.skip('not')) {
    tokens.pass('ispresent');
    const test = presenceOf(tokens);
    return (row) => !test(row);
  }
  return tokens.skip('ispresent') ? presenceOf(tokens) : comparisonOf(tokens);
}

function presenceOf(tokens: Tokens): Test {
  tokens.pass('(');
  const field = tokens.take('word');
  tokens.pass(')');
  return (row) => row[field] !== undefined;
}

function comparisonOf(tokens: Tokens): Test {
  const field = tokens.take('word');
  if (tokens.skip('=')) {
    const text = tokens.take('text');
    return (row) => row[field] === text;
  }
  for (const [mark, test] of Object.entries(ORDERS)) {
    if (tokens.skip(mark)) return between(field, test, tokens.take('text'));
  }
  if (tokens.skip('in')) {
    const texts = textsOf(tokens);
    return (row) => texts.some((text) => text === row[field]);
  }
  if (tokens.skip('not')) {
    tokens.pass('in');
    return noneOf(field, textsOf(tokens));
  }
  tokens.pass('like');
  const regex = tokens.takeIf('regex');
  if (regex !== undefined) return matching(field, regex);
  const text = tokens.take('text');
  return (row) => row[field]?.includes(text) ?? false;
}

function textsOf(tokens: Tokens): string[] {
  tokens.pass('[');
  const texts = tokens.list(() => tokens.take('text'));
  tokens.pass(']');
  return texts;
}

const noneOf =
  (field: string, texts: readonly string[]): Test =>
  ({ [field]: value }) => {
    if (value === undefined)
      throw new Error(`The fake doesn't know what "not in" says of no ${field}.`);
    return !texts.includes(value);
  };

const ORDERS: Readonly<Record<string, (one: string, other: string) => boolean>> = {
  '>=': (one, other) => one >= other,
  '<=': (one, other) => one <= other,
};

const between =
  (field: string, test: (one: string, other: string) => boolean, text: string): Test =>
  ({ [field]: value }) =>
    value !== undefined && test(value, text);

function matching(field: string, regex: string): Test {
  const [, anyCase = '', rest = ''] = /^(\(\?i\))?(.*)$/s.exec(regex) ?? [];
  const pattern = new RegExp(rest, anyCase && 'i');
  return ({ [field]: value }) => value !== undefined && pattern.test(value);
}
