import { InvokeCommand, type InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { functionName, stackName } from '../../lambda/contract.ts';
import type { ErrorCode } from '../../lambda/domain/errors.ts';
import { Refusal } from '../keyctl/refusal.ts';
import { awsRefusal, notDeployed } from './aws-refusal.ts';
import { harmless } from './key-like.ts';
import { FORM, failure } from './report-forms.ts';
import type { Session } from './session.ts';

/** A function that `keyctl` invokes. */
export interface Invoked {
  readonly noun: 'inspect' | 'emergency';
  /** Of the report that it answers. */
  readonly form: keyof typeof FORM;
  /** What to know and do when it failed in the middle, in sentences. */
  readonly afterFailure: string;
  /** An AWS call that failed, as a refusal. */
  readonly refusal?: (failed: Refusal, functionName: string) => Refusal;
}

/**
 * Invokes a function of the environment and answers what it answered, its texts harmless.
 * @throws Refusal with the function's own code, FUNCTION_FAILED, NOT_DEPLOYED, ACCESS_DENIED …
 */
export async function invoke<Report>(
  session: Session,
  invoked: Invoked,
  request: object,
): Promise<Report> {
  const name = functionName(session.environment, invoked.noun);
  const payload = JSON.stringify({ ...request, caller: callerOf(session) });
  const answer = await send(session, invoked, name, payload);
  const body = json(answer.Payload);
  if (answer.FunctionError !== undefined) throw functionFailure(session, invoked, name, body);
  if (body === undefined) {
    throw functionFailure(session, invoked, name, { errorType: 'its answer is not JSON' });
  }
  const report = formed(invoked, body);
  if (!report) throw otherForm(session, invoked, name);
  return report as Report;
}

/** A long list of what has no form is too much for zod, which then throws. */
function formed({ form }: Invoked, body: unknown): unknown {
  try {
    return FORM[form].safeParse(body).data;
  } catch {
    return undefined;
  }
}

/** A session may be named by whatever its maker likes; the functions take nothing of a key's form. */
const callerOf = ({ caller }: Session) =>
  caller.slice(0, 256).replace(/[0-9a-f]{32,}/gi, '[redacted]') || 'unknown';

async function send(session: Session, { refusal }: Invoked, name: string, payload: string) {
  try {
    return await session.aws.lambda.send(
      new InvokeCommand({ FunctionName: name, Payload: Buffer.from(payload) }),
    );
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') throw notDeployed(session);
    const failed = awsRefusal('Invoke', `function ${name}`, session, error);
    throw refusal?.(failed, name) ?? failed;
  }
}

/** What AWS logged of others, a user agent say, may hold anything. */
function json(payload: InvokeCommandOutput['Payload']): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload), (_name, value) =>
      typeof value === 'string' ? harmless(value) : value,
    );
  } catch {
    return undefined;
  }
}

/** An error of ours is named by its code and is passed on; what Lambda says itself is only named. */
function functionFailure(
  { region }: Session,
  { afterFailure }: Invoked,
  name: string,
  body: unknown,
): Refusal {
  const { errorType, errorMessage } = failure.safeParse(body).data ?? failure.parse({});
  if (/^[A-Z_]+$/.test(errorType)) return new Refusal(errorType as ErrorCode, errorMessage);
  const reason = errorMessage.includes('timed out') ? 'it ran out of time' : errorType;
  return new Refusal(
    'FUNCTION_FAILED',
    `Function ${name} failed (${reason}). ${afterFailure} Look into its log group: aws logs tail /aws/lambda/${name} --since 10m --region ${region}`,
  );
}

const otherForm = ({ environment }: Session, { afterFailure }: Invoked, name: string): Refusal =>
  new Refusal(
    'FUNCTION_FAILED',
    `Function ${name} answered in a form that is not known here: it may be of another version than this keyctl. ${afterFailure} Deploy it again from here: npx cdk deploy ${stackName(environment)}`,
  );
