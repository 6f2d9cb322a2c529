import { FUNCTION_NOUNS, probeRoleName, roleName } from '../../contract.ts';

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

/**
 * Roles of this stack, in its own account: anyone may give a role such a name in theirs. The access
 * guard's is none of them: it may read no key and change nothing, so that a use of it is strange.
 */
export interface OwnRoles {
  readonly functions: readonly string[];
  readonly emergency: string;
  /** By which CloudFormation deploys; empty where it isn't known. */
  readonly deploy: string;
}

export function ownRoles({ environment, partition, account }: Place, deploy: string): OwnRoles {
  const arn = (name: string) => `arn:${partition}:iam::${account}:role/${name}`;
  return {
    functions: [
      ...FUNCTION_NOUNS.map((noun) => arn(roleName(environment, noun))),
      arn(probeRoleName(environment)),
    ],
    emergency: arn(roleName(environment, 'emergency')),
    deploy,
  };
}
