import { GetPolicyCommand } from '@aws-sdk/client-lambda';
import { isAwsError } from '../../../lambda/adapters/aws-error.ts';
import { functionName } from '../../../lambda/contract.ts';
import { Refusal } from '../../keyctl/refusal.ts';
import { awsRefusal } from '../aws-refusal.ts';
import type { Session } from '../session.ts';
import { relayNotDeployed } from './queues.ts';

/** `arn:aws:execute-api:<Region>:<account>:<api>/…` */
const API = /\barn:(aws[a-z-]*):execute-api:([a-z\d-]+):\d{12}:([a-z\d]{1,20})\//;

/**
 * The URL that Dify sends to. It is made of the API's id, which the intake's own policy has: it says which
 * API may invoke it, so that operators need no right to look at APIs.
 * https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 * @throws Refusal NOT_DEPLOYED, ACCESS_DENIED …
 */
export async function relayUrl(session: Session): Promise<string> {
  const name = functionName(session.environment, 'relay-intake');
  const [, partition = '', region = '', api] = API.exec(await policyOf(session, name)) ?? [];
  if (!api) {
    throw new Refusal(
      'NOT_DEPLOYED',
      `No API may invoke function ${name}, so nothing reaches the relay. Its policy was changed, and a deploy without changes puts nothing back: give apigateway.amazonaws.com lambda:InvokeFunction back with aws lambda add-permission.`,
    );
  }
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://${api}.execute-api.${region}.${domain}`;
}

async function policyOf(session: Session, name: string): Promise<string> {
  try {
    const answer = await session.aws.lambda.send(new GetPolicyCommand({ FunctionName: name }));
    return answer.Policy ?? '';
  } catch (error) {
    // Of a function that has none, and of one that isn't there.
    if (isAwsError(error, 'ResourceNotFoundException')) throw relayNotDeployed(session);
    throw awsRefusal('GetPolicy', `function ${name}`, session, error);
  }
}
