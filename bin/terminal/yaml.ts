/**
 * A value of lists, objects, texts and numbers as lines of YAML. Texts are quoted as in JSON, which
 * YAML reads the same; keys have to be plain words.
 */
export function yaml(value: unknown): string[] {
  if (!isBlock(value)) return [JSON.stringify(value)];
  if (Array.isArray(value)) return value.flatMap((item) => indented(yaml(item), '- '));
  return Object.entries(value).flatMap(([key, inner]) =>
    isBlock(inner) ? [`${key}:`, ...indented(yaml(inner))] : [`${key}: ${JSON.stringify(inner)}`],
  );
}

/** Takes lines of its own: neither a plain value, nor a list of such, nor empty. */
function isBlock(value: unknown): value is object {
  if (!isNested(value)) return false;
  return Array.isArray(value) ? value.some(isNested) : Object.keys(value).length > 0;
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

const indented = (lines: readonly string[], first = '  ') =>
  lines.map((line, index) => `${index === 0 ? first : '  '}${line}`);
