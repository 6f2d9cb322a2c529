import * as z from 'zod/mini';
import { RELAY_PROPERTIES, type RelayProperty, type RelaySettings, variable } from './contract.ts';
import { KeysError } from './domain/errors.ts';
import { json } from './domain/json.ts';

const name = z.string().check(z.regex(/^.{1,256}$/));
/** `''` leaves the property out. */
const property = z.string().check(z.regex(/^.{0,256}$/));
const properties = z.object(
  Object.fromEntries(RELAY_PROPERTIES.map((one) => [one, property])) as Record<
    RelayProperty,
    typeof property
  >,
);
const schema = z.object({
  key: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,39}$/)),
  userIds: z.enum(['plain', 'hmac']),
  eventTypes: z.object({ workflow: name, chat: name }),
  properties,
  postedProperties: z.array(name),
  deniedRanges: z.array(z.string().check(z.regex(/^[\da-fA-F.:]+\/\d{1,3}$/))),
});

/** What the relay's functions were told. @throws KeysError SETTING_INVALID */
export function readRelaySettings(variables: NodeJS.ProcessEnv): RelaySettings {
  const { data } = schema.safeParse(json(variables[variable.relay]));
  if (data) return data;
  throw invalid(variable.relay);
}

/** The URL of one of the relay's queues. @throws KeysError SETTING_INVALID */
export function readQueueUrl(
  variables: NodeJS.ProcessEnv,
  which: 'relayQueueUrl' | 'relayFailedQueueUrl',
): string {
  const url = variables[variable[which]] ?? '';
  if (/^https?:\/\/./.test(url)) return url;
  throw invalid(variable[which]);
}

const invalid = (what: string) =>
  new KeysError(
    'SETTING_INVALID',
    `Environment variable ${what} is missing or invalid. Set it as the stack's template has it, with aws lambda update-function-configuration: a deploy without changes puts nothing back.`,
  );
