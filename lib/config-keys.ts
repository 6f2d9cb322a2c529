import type { Fault } from './config-faults.ts';

/** Somebody may have pasted a key into the file: neither its value nor a part of it is repeated. */
export const looksLikeKey = (text: string) => /[0-9a-f]{32}/i.test(text);

/** Without anything of a key's shape. */
export const withoutKeys = (text: string) => text.replace(/[0-9a-f]{32,}/gi, '[redacted]');

/** Deeper than any field is; the schema refuses what is there. */
const DEEPEST = 10;

/** Every value and every name that looks like a key: it would be in the template for all to read. */
export function keyFaults(value: unknown, path: string, depth = 0): Fault[] {
  if (typeof value === 'string') return looksLikeKey(value) ? [faultOf(path)] : [];
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = `${path}.${name}`;
    return [...(looksLikeKey(name) ? [faultOf(at)] : []), ...keyFaults(inner, at, depth + 1)];
  });
}

const faultOf = (path: string): Fault => ({
  path,
  message: 'it looks like a key (remove it from the file): keys are handed in by keyctl stage only',
});
