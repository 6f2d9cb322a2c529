import { InvokeCommand, type InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { functionName } from '../../lambda/contract.ts';
import type { ErrorCode } from '../../lambda/domain/errors.ts';
import type {
  InspectRequest,
  InventoryReport,
  VerifyReport,
  WhichReport,
} from '../../lambda/payloads.ts';
import { Refusal } from '../keyctl/refusal.ts';
import { awsRefusal, notDeployed } from './aws-refusal.ts';
import type { Session } from './session.ts';

export const inventory = (session: Session, key?: string) =>
  ask<InventoryReport>(session, { action: 'inventory', ...(key ? { key } : {}) });

export const verify = (session: Session, key: string) =>
  ask<VerifyReport>(session, { action: 'verify', key });

export const which = (session: Session, fingerprint: string) =>
  ask<WhichReport>(session, { action: 'which', fingerprint });

/** Whatever needs values is answered by the environment's read-only function. */
async function ask<Report>(session: Session, request: InspectRequest): Promise<Report> {
  const name = functionName(session.environment, 'inspect');
  const payload = JSON.stringify({ ...request, caller: session.caller.slice(0, 256) });
  const answer = await invoke(session, name, payload);
  const body = json(answer.Payload);
  if (answer.FunctionError !== undefined) throw functionFailure(session, name, body);
  if (typeof body !== 'object' || body === null) {
    throw functionFailure(session, name, { errorType: 'its answer is not JSON' });
  }
  return body as Report;
}

async function invoke(session: Session, name: string, payload: string) {
  try {
    return await session.aws.lambda.send(
      new InvokeCommand({ FunctionName: name, Payload: Buffer.from(payload) }),
    );
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') throw notDeployed(session);
    throw awsRefusal('Invoke', `function ${name}`, session, error);
  }
}

function json(payload: InvokeCommandOutput['Payload']): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
}

/** An error of ours is named by its code and is passed on; what Lambda says itself is only named. */
function functionFailure({ region }: Session, name: string, body: unknown): Refusal {
  const { errorType = 'no reason given', errorMessage = '' } = (body ?? {}) as {
    errorType?: string;
    errorMessage?: string;
  };
  if (/^[A-Z_]+$/.test(errorType)) return new Refusal(errorType as ErrorCode, errorMessage);
  const reason = errorMessage.includes('timed out') ? 'it ran out of time' : errorType;
  return new Refusal(
    'FUNCTION_FAILED',
    `Function ${name} failed (${reason}). It only reads, so nothing was changed. Look into its log group: aws logs tail /aws/lambda/${name} --since 10m --region ${region}`,
  );
}
