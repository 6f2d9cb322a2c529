import {
  type EventSourceMappingConfiguration,
  type LambdaClient,
  paginateListEventSourceMappings,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import pRetry from 'p-retry';
import { KeysError } from '../domain/errors.ts';
import type { EventSourceMapping } from '../domain/relay/sender/ports.ts';
import { awsFailure } from './aws-error.ts';

export interface EventSourceOptions {
  readonly client: LambdaClient;
  /** Whose event source mapping it is: the sender's own. */
  readonly functionName: string;
  /** Waits between tries double from this, with jitter. @default 1000 ms */
  readonly backoffMs?: number;
}

/** While a mapping changes it takes no other change; what takes longer is done by who comes next. */
const RETRIES = 3;

/**
 * While its mapping is disabled, messages just wait, and none counts a receive.
 * https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
 */
export function relayEventSource(options: EventSourceOptions): EventSourceMapping {
  const retry = { retries: RETRIES, minTimeout: options.backoffMs ?? 1_000, randomize: true };
  const turn = (enabled: boolean) =>
    pRetry(() => turnOnce(options, enabled), {
      ...retry,
      shouldRetry: ({ error }) => isInUse(error),
    });
  return {
    disable: () => turn(false),
    enable: () => turn(true),
  };
}

const isInUse = (error: unknown) =>
  error instanceof KeysError && error.fields.awsError === 'ResourceInUseException';

/** States by where they lead. */
const LEADS: Readonly<Record<string, boolean>> = {
  Creating: true,
  Enabling: true,
  Enabled: true,
  Disabling: false,
  Disabled: false,
};

async function turnOnce(
  { client, functionName }: EventSourceOptions,
  enabled: boolean,
): Promise<void> {
  const wrong = (await mappingsOf(client, functionName)).filter(
    ({ State = '' }) => LEADS[State] !== enabled,
  );
  for (const { UUID = '' } of wrong) {
    try {
      await client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: enabled }));
    } catch (error) {
      throw awsFailure('UpdateEventSourceMapping', `function ${functionName}`, error);
    }
  }
}

async function mappingsOf(
  client: LambdaClient,
  functionName: string,
): Promise<EventSourceMappingConfiguration[]> {
  const found: EventSourceMappingConfiguration[] = [];
  const input = { FunctionName: functionName };
  try {
    for await (const page of paginateListEventSourceMappings({ client }, input)) {
      found.push(...(page.EventSourceMappings ?? []));
    }
  } catch (error) {
    throw awsFailure('ListEventSourceMappings', `function ${functionName}`, error);
  }
  if (found.length > 0) return found;
  throw new KeysError(
    'AWS_CALL_FAILED',
    `Function ${functionName} has no event source mapping, so no event reaches it. Deploy its environment.`,
    { call: 'ListEventSourceMappings' },
  );
}
