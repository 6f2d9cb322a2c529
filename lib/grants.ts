import type { ValidConsumer } from './config-schema.ts';

/** `arn:…` or `PrincipalTag/team=web`, as a tag of the secret and every report names who may read. */
export function principalOf(consumer: ValidConsumer, partition: string): string {
  const { role, account, roleName, principalTag } = consumer;
  if (role) return role;
  if (principalTag) return `PrincipalTag/${principalTag.key}=${principalTag.value}`;
  return `arn:${partition}:iam::${account}:role/${roleName}`;
}

/** Whose it is; undefined for a tag in the stack's own account. */
export const accountIn = ({ role, account }: ValidConsumer): string | undefined =>
  role ? role.split(':')[4] : account;

/** When a grant ends; undefined for never. */
export function endOf({ expires, from, expiresIn }: ValidConsumer): Date | undefined {
  if (expires) return new Date(expires);
  if (!from || !expiresIn) return undefined;
  return new Date(new Date(from).getTime() + expiresIn * 1000);
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
const PARTITIONS: Readonly<Record<string, string>> = {
  'cn-': 'aws-cn',
  'us-gov-': 'aws-us-gov',
  'us-iso-': 'aws-iso',
  'us-isob-': 'aws-iso-b',
  'us-isof-': 'aws-iso-f',
  'eu-isoe-': 'aws-iso-e',
  'eusc-': 'aws-eusc',
};

/** As ARNs of a Region begin: `aws`, in China `aws-cn`. */
export function partitionOf(region: string): string {
  const [, partition = 'aws'] =
    Object.entries(PARTITIONS).find(([start]) => region.startsWith(start)) ?? [];
  return partition;
}
