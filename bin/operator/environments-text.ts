/** The width that lib/environments.ts is formatted to. */
const WIDTH = 100;

/** A value as lines of lib/environments.ts, each after `indent`: on one line where that fits. */
export function written(value: unknown, indent: string, before = '', after = ','): string[] {
  const line = `${indent}${before}${inline(value)}${after}`;
  if (line.length <= WIDTH || !isNested(value)) return [line];
  return expanded(value, indent, before, after);
}

/** The same with each field on a line of its own, as the keys are written. */
export function expanded(value: object, indent: string, before = '', after = ','): string[] {
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const parts = Array.isArray(value)
    ? value.flatMap((one) => written(one, inner))
    : fieldsOf(value).flatMap(([name, one]) => written(one, inner, `${named(name)}: `));
  return [`${indent}${before}${open}`, ...parts, `${indent}${close}${after}`];
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (isNested(value)) {
    const fields = fieldsOf(value).map(([name, one]) => `${named(name)}: ${inline(one)}`);
    return fields.length > 0 ? `{ ${fields.join(', ')} }` : '{}';
  }
  return typeof value === 'string' ? quoted(value) : String(value);
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

const fieldsOf = (value: object) => Object.entries(value).filter(([, one]) => one !== undefined);

/** The name of a field. */
export const named = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name));

function quoted(text: string): string {
  const inDouble = JSON.stringify(text);
  if (text.includes("'") && !text.includes('"')) return inDouble;
  return `'${inDouble.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
