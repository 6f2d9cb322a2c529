import * as z from 'zod/mini';
import { type GuardRules, variable } from './contract.ts';
import { KeysError } from './domain/errors.ts';
import { json } from './domain/json.ts';

const count = z.number().check(z.int(), z.gte(1));
const schema = z.object({
  allowedRanges: z.array(z.string().check(z.regex(/^[\da-fA-F.:]+\/\d{1,3}$/))),
  deniedRanges: z.array(z.string().check(z.regex(/^[\da-fA-F.:]+\/\d{1,3}$/))),
  mostReads: count,
  withinMinutes: count,
  requireMfa: z.boolean(),
});

/** Undefined in an environment without an access guard. @throws KeysError SETTING_INVALID */
export function readGuardRules(variables: NodeJS.ProcessEnv): GuardRules | undefined {
  const text = variables[variable.guardRules];
  if (!text) return undefined;
  const { data } = schema.safeParse(json(text));
  if (data) return data;
  throw new KeysError(
    'SETTING_INVALID',
    `Environment variable ${variable.guardRules} is invalid. Set it as the stack's template has it, with aws lambda update-function-configuration: a deploy without changes puts nothing back.`,
  );
}
