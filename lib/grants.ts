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
