import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import type { Inventory } from '../domain/access-guard/ports.ts';
import { KeysError } from '../domain/errors.ts';
import { json } from '../domain/json.ts';
import type { InspectRequest, InventoryReport } from '../payloads.ts';
import { awsFailure } from './aws-error.ts';
import { dataIn } from './data-in.ts';

/** What of an InventoryReport the access guard looks at. */
const report = z.object({
  keys: z.array(
    z.object({
      key: z.string(),
      secretArn: z.string(),
      promotedAt: z.optional(z.string()),
      versions: z.array(
        z.object({
          versionId: z.string(),
          labels: z.array(z.string()),
          fingerprint: z.optional(z.string()),
          createdAt: z.optional(z.string()),
        }),
      ),
      held: z.optional(z.array(z.string())),
      staged: z.optional(z.array(z.object({ fingerprint: z.string() }))),
      consumers: z.array(z.object({ principal: z.string(), expires: z.optional(z.string()) })),
    }),
  ),
  unreadable: z.array(
    z.object({ key: z.string(), error: z.object({ code: z.string(), message: z.string() }) }),
  ),
});

/** The access guard may read no key, so it asks the function that may. */
export function inventoryFunction(client: LambdaClient, FunctionName: string): Inventory {
  return {
    async ask() {
      const request: InspectRequest = { action: 'inventory', caller: 'the access guard' };
      const Payload = Buffer.from(JSON.stringify(request));
      const answer = await client
        .send(new InvokeCommand({ FunctionName, Payload }))
        .catch((error: unknown) => {
          throw awsFailure('Invoke', `function ${FunctionName}`, error);
        });
      const known = answer.FunctionError === undefined ? reportIn(answer.Payload) : undefined;
      if (known) return known;
      throw new KeysError(
        'AWS_CALL_FAILED',
        `Function ${FunctionName} gave no inventory; until it does, uses are recorded without fingerprint and judged by what was known before. Its log group says why.`,
        { call: 'Invoke' },
      );
    },
  };
}

const reportIn = (payload: Uint8Array | undefined) =>
  dataIn(report, json(new TextDecoder().decode(payload))) as
    | Pick<InventoryReport, 'keys' | 'unreadable'>
    | undefined;
