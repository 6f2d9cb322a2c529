import type { Stack } from 'aws-cdk-lib';
import type { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { Fault } from './config-faults.ts';
import { lengthOf } from './policy-length.ts';
import { alike, type Grant, type Readers } from './readers.ts';

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html */
export const MAX_SECRET_POLICY = 20_480;
/** https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html */
export const MAX_KEY_POLICY = 32_768;

/** A policy as it will be deployed. */
export interface Finished {
  /** Where the configuration says what is in it. */
  readonly path: string;
  /** `the policy of its secret` */
  readonly name: string;
  readonly document: PolicyDocument;
  readonly readers: Readers;
  /** Bytes. */
  readonly most: number;
}

/** Policies that AWS would refuse, or that would lock out whoever has to work with the keys. */
export function policyFaults(stack: Stack, policies: readonly Finished[]): Fault[] {
  return policies.flatMap((policy) => {
    const document = stack.resolve(policy.document);
    const exempt = policy.readers.exemptRoleArns.map((arn) => stack.resolve(arn));
    return [...lockouts(document, exempt), ...tooLong(document, policy)].map((message) => ({
      path: policy.path,
      message: `${policy.name} ${message}`,
    }));
  });
}

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Condition?: { readonly ArnNotEquals?: Readonly<Record<string, unknown>> };
}

/** Whatever denies: each exempt role that its `ArnNotEquals` doesn't name, as the template writes it. */
export function lockouts(document: unknown, exempt: readonly unknown[]): string[] {
  const { Statement } = document as { readonly Statement: readonly Statement[] };
  return Statement.filter(({ Effect }) => Effect === 'Deny').flatMap(({ Sid, Condition }) => {
    const spared = [Condition?.ArnNotEquals?.['aws:PrincipalArn'] ?? []].flat();
    const written = spared.map((one) => JSON.stringify(one));
    return exempt
      .map((arn) => JSON.stringify(arn))
      .filter((arn) => !written.includes(arn))
      .map((arn) => `would lock out ${arn} by its deny ${Sid}: exempt it there by ArnNotEquals`);
  });
}

function tooLong(document: unknown, { most, readers }: Finished): string[] {
  const length = lengthOf(document);
  if (length <= most) return [];
  const groups = alike(
    readers.grants.filter(({ arn }) => arn),
    ({ account, end, vpcEndpoint, organization }) => [account, end, vpcEndpoint, organization],
  );
  const groupable = groups.filter(({ length }) => length > 1).map(told);
  const whom =
    groupable.length > 0 ? groupable.join('; ') : 'those that could share their conditions';
  return [
    `would have about ${length} characters, at most ${most} are taken: name together by one principalTag who shares account and conditions: ${whom}`,
  ];
}

/** By the ends of their ARNs, which is all that differs. */
const told = (grants: readonly Grant[]) => {
  const names = [...new Set(grants.map(({ arn = '' }) => arn.replace(/^.*\//, '')))];
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
};
