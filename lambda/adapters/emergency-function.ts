import { InvokeCommand, type InvokeCommandOutput, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import { KeysError } from '../domain/errors.ts';
import { json } from '../domain/json.ts';
import { mayHoldKey } from '../domain/keyless.ts';
import type { Emergency } from '../domain/ports.ts';
import type { EmergencyRequest } from '../payloads.ts';
import { awsFailure } from './aws-error.ts';
import { dataIn } from './data-in.ts';

/** What of an EmergencyReport tells whether the lockdown holds. */
const reported = z.object({
  plan: z.array(z.object({ what: z.string(), failed: z.optional(z.string()) })),
  contained: z.object({ contained: z.boolean(), proof: z.string() }),
});

/** Only the emergency function may touch the lockdown tag, so the sweep asks it to. */
export function emergencyFunction(client: LambdaClient, FunctionName: string): Emergency {
  return {
    async lock(key, reason) {
      const request: EmergencyRequest = {
        action: 'lockdown',
        scope: 'key',
        key,
        reason,
        caller: 'the hourly sweep',
      };
      const Payload = Buffer.from(JSON.stringify(request));
      const answer = await client
        .send(new InvokeCommand({ FunctionName, Payload }))
        .catch((error: unknown) => {
          throw awsFailure('Invoke', `function ${FunctionName}`, error);
        });
      const why = failureIn(answer);
      if (why === undefined) return;
      throw new KeysError(
        'AWS_CALL_FAILED',
        `Function ${FunctionName} could not put the lockdown of ${key} back; the next sweep tries again while the tag is missing. ${why}`,
        { key, call: 'Invoke' },
      );
    },
  };
}

/** A sentence; undefined of a lockdown that was carried out and seen to hold. */
function failureIn({ FunctionError, Payload }: InvokeCommandOutput): string | undefined {
  if (FunctionError !== undefined) return 'Its log group says why.';
  const report = reportIn(Payload);
  if (!report) return 'Its answer is no report of a lockdown.';
  const { plan, contained } = report;
  const failed = plan.find((step) => step.failed !== undefined);
  if (!failed && contained.contained) return undefined;
  const why = failed ? `${failed.what}: ${failed.failed}` : contained.proof;
  return mayHoldKey(why) ? 'Its log group says why.' : why;
}

const reportIn = (payload: InvokeCommandOutput['Payload']) =>
  dataIn(reported, json(new TextDecoder().decode(payload)));
