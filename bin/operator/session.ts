import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { EnvironmentConfig } from '../../lib/config.ts';
import type { Aws, Context } from '../keyctl/context.ts';
import { Refusal } from '../keyctl/refusal.ts';
import { awsRefusal } from './aws-refusal.ts';

/** One environment, as the caller's credentials reach it. */
export interface Session {
  readonly config: EnvironmentConfig;
  /** Its name. */
  readonly environment: string;
  readonly aws: Aws;
  readonly account: string;
  readonly region: string;
  /** ARN of who calls. */
  readonly caller: string;
}

/** @throws Refusal REGION_MISSING, WRONG_ACCOUNT, CREDENTIALS_EXPIRED, NETWORK_UNREACHABLE … */
export async function openSession(context: Context, config: EnvironmentConfig): Promise<Session> {
  const environment = config.name;
  const aws = context.connect(config.region);
  const region = await regionOf(aws, environment);
  const { Account: account = '', Arn: caller = '' } = await identity(aws, environment, region);
  if (config.account && config.account !== account) {
    throw new Refusal(
      'WRONG_ACCOUNT',
      `Environment ${environment} is in account ${config.account}, these credentials are for ${account} (${caller}). Sign in to ${config.account}: check AWS_PROFILE, which AWS_ACCESS_KEY_ID in the environment overrides.`,
    );
  }
  return { config, environment, aws, account, region, caller };
}

/** @throws Refusal REGION_MISSING */
export async function regionOf(aws: Aws, environment: string): Promise<string> {
  try {
    return await aws.region();
  } catch (error) {
    throw new Refusal(
      'REGION_MISSING',
      `No Region for environment ${environment}: set its region in lib/environments.ts, or AWS_REGION, or the region of your AWS profile.`,
      { cause: error },
    );
  }
}

async function identity(aws: Aws, environment: string, region: string) {
  try {
    return await aws.sts.send(new GetCallerIdentityCommand({}));
  } catch (error) {
    const caller = { environment, region };
    throw awsRefusal('GetCallerIdentity', `environment ${environment}`, caller, error);
  }
}
