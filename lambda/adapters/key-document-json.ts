import * as z from 'zod/mini';
import { FIELD, type KeyDocument, type VersionValue } from '../domain/key-document.ts';
import { keyless } from '../domain/keyless.ts';
import { fingerprintOf, SecretValue } from '../domain/secret-value.ts';

const placeholder = z.object({ placeholder: z.string() });
const replaces = z.object({ versionId: z.string(), content: z.enum(['key', 'placeholder']) });
/** Whoever puts a value by hand writes the key alone; the rest is ours. */
const document = z.object({
  apiKey: z.optional(z.string()),
  secretKey: z.optional(z.string()),
  name: z.optional(z.string()),
  held: z.optional(z.array(z.string())),
  replaces: z.optional(replaces),
});

const malformed = (reason: string): VersionValue => ({ content: 'malformed', reason });

/** The reasons name fields, never contents. */
export function parseDocument(text: string | undefined): VersionValue {
  if (text === undefined) return malformed('it is binary, not text');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return malformed('it is not JSON');
  }
  const { data } = document.safeParse(json);
  if (!data) return malformed('its fields are not those of a key document');
  const { apiKey, secretKey, name, held, replaces } = data;
  // With a key in it, a placeholder is one no longer: consumers read the key
  const hasKey = apiKey !== undefined || secretKey !== undefined;
  if (!hasKey && placeholder.safeParse(json).success) return { content: 'placeholder' };
  if ((apiKey === undefined) === (secretKey === undefined)) {
    return malformed('it needs exactly one of apiKey and secretKey');
  }
  return {
    content: 'key',
    document: {
      kind: apiKey === undefined ? 'secret' : 'ingestion',
      value: new SecretValue(apiKey ?? secretKey ?? ''),
      ...(name === undefined ? {} : { name: keyless(name) }),
      ...(held === undefined ? {} : { held: held.map(heldKey) }),
      ...(replaces === undefined ? {} : { replaces }),
    },
  };
}

/** By hand, a key itself may have been written where its fingerprint belongs. */
const heldKey = (text: string) =>
  new SecretValue(text).wellFormed ? fingerprintOf(text) : keyless(text);

/** The same document gives the same bytes: Secrets Manager takes a repeat of them as no change. */
export function serializeDocument({ kind, value, name, held, replaces }: KeyDocument): string {
  return JSON.stringify({ [FIELD[kind]]: value.reveal(), name, held, replaces });
}
