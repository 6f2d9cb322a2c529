import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { KeysError } from '../domain/errors.ts';
import type { Emergency } from '../domain/ports.ts';
import type { EmergencyRequest } from '../payloads.ts';
import { awsFailure } from './aws-error.ts';

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
      if (answer.FunctionError === undefined) return;
      throw new KeysError(
        'AWS_CALL_FAILED',
        `Function ${FunctionName} could not put the lockdown of ${key} back; the next sweep tries again. Its log group says why.`,
        { key, call: 'Invoke' },
      );
    },
  };
}
