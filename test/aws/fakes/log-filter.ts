interface Term {
  readonly field: string;
  readonly value: string;
}

/**
 * Whether a message passes. Of AWS's patterns the fake knows none at all and
 * `{ $.field = "value" && $.field = "value" }`, each comparison in parentheses or not.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function filterOf(pattern: string | undefined): (message: string) => boolean {
  if (!pattern) return () => true;
  const inner = /^\{(.*)\}$/.exec(pattern.trim())?.[1] ?? unknown(pattern);
  const terms = inner.split('&&').map((text) => termOf(text.trim(), pattern));
  return (message) => {
    const fields = fieldsOf(message);
    return terms.every(({ field, value }) => fields[field] === value);
  };
}

function termOf(text: string, pattern: string): Term {
  const bare = /^\((.*)\)$/.exec(text)?.[1]?.trim() ?? text;
  const [, field, value] = /^\$\.(\w+)\s*=\s*"([^"*]*)"$/.exec(bare) ?? [];
  return field !== undefined && value !== undefined ? { field, value } : unknown(pattern);
}

/** A message that is no JSON object passes no pattern of this kind. */
function fieldsOf(message: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(message);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

function unknown(pattern: string): never {
  throw new Error(`The fake FilterLogEvents does not know the pattern ${pattern}.`);
}
