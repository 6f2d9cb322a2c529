import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { isAwsError } from '../../lambda/adapters/aws-error.ts';
import { stackName, trailGroupName } from '../../lambda/contract.ts';
import { Refusal } from '../keyctl/refusal.ts';
import { awsRefusal } from './aws-refusal.ts';
import type { Session } from './session.ts';

/**
 * Every line of the environment's audit trail as it was written, in order of time.
 * @param tell hears the number of lines after each page; a page may be empty.
 * @throws Refusal NOT_DEPLOYED, ACCESS_DENIED, THROTTLED …
 */
export async function readTrail(
  session: Session,
  since: Date | undefined,
  tell: (lines: number) => void,
): Promise<string[]> {
  const logGroupName = trailGroupName(session.environment);
  const asked = { logGroupName, ...(since ? { startTime: since.getTime() } : {}) };
  const lines: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await filter(session, { ...asked, ...(nextToken ? { nextToken } : {}) });
    for (const { message = '' } of page.events ?? []) lines.push(message);
    tell(lines.length);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return lines;
}

type Asked = { readonly logGroupName: string; readonly startTime?: number };

async function filter(session: Session, input: Asked & { readonly nextToken?: string }) {
  try {
    return await session.aws.logs.send(new FilterLogEventsCommand(input));
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException')) throw noTrail(session);
    throw awsRefusal('FilterLogEvents', `log group ${input.logGroupName}`, session, error);
  }
}

function noTrail({ environment, account, region }: Session): Refusal {
  return new Refusal(
    'NOT_DEPLOYED',
    `Environment ${environment} has no audit trail in account ${account}, Region ${region} (log group ${trailGroupName(environment)}): npx cdk deploy ${stackName(environment)} (if it should be there, check account and Region).`,
  );
}
