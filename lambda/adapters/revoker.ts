import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Revoker } from '../domain/access-guard/answer/ports.ts';
import type { EmergencyRequest } from '../payloads.ts';
import { awsFailure } from './aws-error.ts';

/**
 * The emergency function takes half a minute, which the access guard doesn't have: Lambda queues the
 * event, and tries it again if the function fails.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
 */
export function revoker(client: LambdaClient, FunctionName: string): Revoker {
  return {
    async revoke(key, version, reason) {
      const request: EmergencyRequest = {
        action: 'revoke',
        key,
        version,
        reason,
        caller: 'the access guard',
      };
      const Payload = Buffer.from(JSON.stringify(request));
      const command = new InvokeCommand({ FunctionName, Payload, InvocationType: 'Event' });
      // It is only queued, so that the patience of other calls isn't wanted
      await client.send(command, { requestTimeout: 2_000 }).catch((error: unknown) => {
        throw awsFailure('Invoke', `function ${FunctionName}`, error);
      });
    },
  };
}
