import { inspect } from 'node:util';

/** All that printing, logging or serializing a value could show, errors with all they hide. */
export function rendered(value: unknown): string {
  return [String(value), json(value), inspect(value, ALL), ...ofError(value)].join('\n');
}

const ALL = { depth: Number.POSITIVE_INFINITY, showHidden: true, maxStringLength: null } as const;

function ofError(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const names = Object.getOwnPropertyNames(error);
  const fields = Object.fromEntries(
    names.map((name) => [name, (error as unknown as Record<string, unknown>)[name]]),
  );
  const cause = error.cause === undefined ? [] : [rendered(error.cause)];
  return [error.stack ?? '', json(fields), ...cause];
}

/** Bytes as their text: a payload is JSON. */
function json(value: unknown): string {
  const written = JSON.stringify(value, (_, inner) => {
    const bytes = bytesOf(inner);
    return bytes ? new TextDecoder().decode(bytes) : inner;
  });
  return written ?? '';
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  const { type, data } = (value ?? {}) as { type?: unknown; data?: unknown };
  return type === 'Buffer' && Array.isArray(data) ? Uint8Array.from(data) : undefined;
}
