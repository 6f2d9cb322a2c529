import * as z from 'zod/mini';
import { harmless } from './key-like.ts';

/** Functions of a later version may write words that are unknown here. */
const word = z.string().check(z.regex(/^[a-z-]+$/));
/** Others than our functions may write to the log group, whatever they like. */
const text = z.pipe(z.string(), z.transform(harmless));
const time = z.pipe(
  z.iso.datetime({ offset: true }),
  z.transform((written: string) => new Date(written).toISOString()),
);

const schema = z.object({
  at: time,
  environment: text,
  key: text,
  transition: word,
  by: word,
  versionId: z.optional(text),
  fingerprint: z.optional(text),
  name: z.optional(text),
  detail: z.optional(text),
});

/** A `Transition` as it was read; its words may be unknown. */
export type TrailLine = z.infer<typeof schema>;

/** Undefined for what is no line of the trail. */
export function parseLine(message: string): TrailLine | undefined {
  try {
    return schema.safeParse(JSON.parse(message)).data;
  } catch {
    return undefined;
  }
}
