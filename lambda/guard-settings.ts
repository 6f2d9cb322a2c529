import * as z from 'zod/mini';
import { type GuardRules, variable } from './contract.ts';
import { KeysError } from './domain/errors.ts';
import { json } from './domain/json.ts';

const count = z.number().check(z.int(), z.gte(1));
const percent = z.number().check(z.int(), z.gte(0), z.lte(100));
const ranges = z.array(z.string().check(z.regex(/^[\da-fA-F.:]+\/\d{1,3}$/)));
const schema = z.object({
  allowedRanges: ranges,
  deniedRanges: ranges,
  ownRanges: ranges,
  learningDays: count,
  weights: z.object({ device: percent, location: percent, behaviour: percent }),
  notifyAt: percent,
  quarantineAt: percent,
  revokeAt: z.optional(percent),
  answer: z.enum(['observe', 'quarantine']),
  quarantineHours: count,
  mostQuarantinesAnHour: count,
  mostReads: count,
  withinMinutes: count,
  requireMfa: z.boolean(),
});

/** Undefined in an environment without an access guard. @throws KeysError SETTING_INVALID */
export function readGuardRules(variables: NodeJS.ProcessEnv): GuardRules | undefined {
  const text = variables[variable.guardRules];
  if (!text) return undefined;
  const { data } = schema.safeParse(json(text));
  if (data) return data as GuardRules;
  throw new KeysError(
    'SETTING_INVALID',
    `Environment variable ${variable.guardRules} is invalid. Set it as the stack's template has it, with aws lambda update-function-configuration: a deploy without changes puts nothing back.`,
  );
}
