import { Aws } from 'aws-cdk-lib';
import type { ValidConsumer } from './config-schema.ts';
import { accountIn, endOf, principalOf } from './grants.ts';

/** Operators, their keys and values, as a statement has them; all have to be met. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;

/** A consumer as policies see it: whoever has one ARN, or one tag in one account. */
export interface Grant {
  /** 12 digits, or the token of the stack's own. */
  readonly account: string;
  readonly arn?: string;
  readonly tag?: { readonly key: string; readonly value: string };
  /** As IAM writes times: `2027-01-31T00:00:00Z`. */
  readonly end?: string;
  readonly vpcEndpoint?: string;
  readonly organization?: string;
}

/** Who reads: by a grant, or whatever grants there are. */
export interface Readers {
  readonly grants: readonly Grant[];
  /** Roles that no deny of a read holds back. */
  readonly exemptRoleArns: readonly string[];
  /** The role by which a lockdown is tried out: it needs no grant, and every other deny is for it too. */
  readonly probeRoleArn: string;
}

/** `own`: the stack's account, where the configuration says it. */
export function grantOf(consumer: ValidConsumer, own: string | undefined): Grant {
  const { principalTag, vpcEndpoint, organization } = consumer;
  const account = accountIn(consumer);
  const end = endOf(consumer)
    ?.toISOString()
    .replace(/\.\d+Z$/, 'Z');
  return {
    account: account === undefined || account === own ? Aws.ACCOUNT_ID : account,
    // Names of condition keys know no case, so that two spellings of one would be two conditions.
    ...(principalTag
      ? { tag: { key: principalTag.key.toLowerCase(), value: principalTag.value } }
      : { arn: principalOf(consumer, Aws.PARTITION) }),
    ...(end ? { end } : {}),
    ...(vpcEndpoint ? { vpcEndpoint } : {}),
    ...(organization ? { organization } : {}),
  };
}

/**
 * Conditions of the denies for whoever no grant names. A tag counts in the account it is granted in:
 * each other account with such a grant has a deny of its own, and all accounts else have one together.
 */
export function strangers({ grants, exemptRoleArns, probeRoleArn }: Readers): Conditions[] {
  const arns = [...exemptRoleArns, probeRoleArn, ...grants.flatMap(({ arn }) => arn ?? [])];
  const named: Conditions = { ArnNotEquals: { 'aws:PrincipalArn': [...new Set(arns)] } };
  const tagged = grants.filter(({ tag }) => tag);
  const own = tagged.filter(({ account }) => account === Aws.ACCOUNT_ID);
  const others = Map.groupBy(
    tagged.filter((grant) => !own.includes(grant)),
    ({ account }) => account,
  );
  const accounts = [...others.keys()];
  const isElsewhere = accounts.length > 0 ? { 'aws:PrincipalAccount': accounts } : {};
  return [
    { ...named, ...without({ ...isElsewhere, ...tagsOf(own) }) },
    // An account that isn't pinned may turn out to be one of these, so what it grants counts there too.
    ...[...others].map(([account, grants]) => ({
      ...named,
      ...without(tagsOf([...own, ...grants])),
      StringEquals: { 'aws:PrincipalAccount': account },
    })),
  ];
}

const without = (keys: Conditions[string]): Conditions =>
  Object.keys(keys).length === 0 ? {} : { StringNotEquals: keys };

/** Conditions that together are met by whom the grants name: of ARNs one, of each tag's key one. */
export function named(grants: readonly Grant[]): Conditions[] {
  const arns = [...new Set(grants.flatMap(({ arn }) => arn ?? []))];
  const tags = Object.entries(tagsOf(grants));
  return [
    ...(arns.length > 0 ? [{ ArnEquals: { 'aws:PrincipalArn': arns } }] : []),
    ...tags.map(([key, values]) => ({ StringEquals: { [key]: values } })),
  ];
}

/** The values that are granted, by the condition key of their tag. */
function tagsOf(grants: readonly Grant[]): Record<string, string[]> {
  const tags = grants.flatMap(({ tag }) => (tag ? [tag] : []));
  const byKey = [...Map.groupBy(tags, ({ key }) => key)];
  return Object.fromEntries(
    byKey.map(([key, those]) => [
      `aws:PrincipalTag/${key}`,
      [...new Set(those.map(({ value }) => value))],
    ]),
  );
}

/** All of several conditions; of one operator the keys differ. */
export function together(...all: readonly Conditions[]): Conditions {
  const operators = [...new Set(all.flatMap((one) => Object.keys(one)))];
  return Object.fromEntries(
    operators.map((operator) => [operator, Object.assign({}, ...all.map((one) => one[operator]))]),
  );
}

/** Grants alike in something, in the order of the first. */
export const alike = (grants: readonly Grant[], what: (grant: Grant) => unknown): Grant[][] => [
  ...Map.groupBy(grants, (grant) => JSON.stringify(what(grant))).values(),
];
