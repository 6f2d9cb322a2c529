import { FUNCTION_NOUNS, keyAlias, probeRoleName, roleName } from '../../contract.ts';
import type { RecordedCall } from './call.ts';

/** Where the stack is. */
export interface Place {
  readonly environment: string;
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly cmkArn: string;
}

/** As the ARN of the environment's CMK tells. */
export function placeOf(environment: string, cmkArn: string): Place {
  const [, partition = '', , region = '', account = ''] = cmkArn.split(':');
  return { environment, partition, region, account, cmkArn };
}

/** Whether an UpdateSecret leaves the secret to the CMK, by whatever name of it, or says nothing of one. */
export function isOwnCmk(
  { kmsKeyOfSecret }: RecordedCall,
  { cmkArn, environment }: Place,
): boolean {
  if (!kmsKeyOfSecret) return true;
  const [before = '', id = ''] = cmkArn.split('key/');
  const alias = keyAlias(environment);
  return [cmkArn, id, alias, `${before}${alias}`].includes(kmsKeyOfSecret);
}

/** Whoever stole credentials may hide an address behind a VPC endpoint of another account. */
export function isStrangeEndpoint(call: RecordedCall, { account }: Place): boolean {
  const { vpcEndpoint, vpcEndpointAccount, callerAccount } = call;
  if (!vpcEndpoint || !vpcEndpointAccount) return false;
  return ![account, callerAccount].includes(vpcEndpointAccount);
}

/**
 * Roles of this stack, in its own account: anyone may give a role such a name in theirs. The access
 * guard's is none of them: it may read no key and change nothing, so that a use of it is strange.
 */
export interface OwnRoles {
  readonly functions: readonly string[];
  readonly emergency: string;
  /** By which CloudFormation deploys; empty where it isn't known. */
  readonly deploy: string;
  /** For emergencies, by hand. Reads by it are strange, and no deny of this stack is about it. */
  readonly breakGlass: string;
}

export function ownRoles(
  { environment, partition, account }: Place,
  { deploy, breakGlass }: Pick<OwnRoles, 'deploy' | 'breakGlass'>,
): OwnRoles {
  const arn = (name: string) => `arn:${partition}:iam::${account}:role/${name}`;
  return {
    functions: [
      ...FUNCTION_NOUNS.map((noun) => arn(roleName(environment, noun))),
      arn(probeRoleName(environment)),
    ],
    emergency: arn(roleName(environment, 'emergency')),
    deploy,
    breakGlass,
  };
}
