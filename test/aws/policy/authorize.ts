import { type Context, meets } from './conditions.ts';
import { listOf, type Statement, statementsOf } from './document.ts';
import { isArnLike, isLike } from './pattern.ts';

/** Who asks. */
export interface Principal {
  readonly kind: 'identity' | 'root' | 'service';
  /** ARN of the role, not of its session, or of the user; of a service its name. */
  readonly id: string;
  readonly account: string;
  /** What is attached to it. */
  readonly policies: readonly unknown[];
  /** Tags of the role or user, or of its session. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Id of its organization in AWS Organizations. */
  readonly organization?: string;
  /** `aws:userid`: of a role its id and the name of the session. @default one made of its name */
  readonly userid?: string;
}

/** What is asked for. */
export interface Asked {
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
}

/** Whose the resource is and which policy it has itself. */
export interface Owned {
  readonly account: string;
  readonly policy?: unknown;
  /** Of KMS keys and of taking a role: IAM's policies count only where the resource's own lets them. */
  readonly needsPolicy?: boolean;
  /** Service control policies of the principal's organization, beside the one that allows all. */
  readonly controls?: readonly unknown[];
}

export type Decision = 'allowed' | 'explicit deny' | 'implicit deny';

/**
 * IAM's decision, as far as identity-based, resource-based and service control policies go: no
 * permissions boundary and no session policy.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function authorize(principal: Principal, asked: Asked, owned: Owned): Decision {
  const full = { ...asked, context: { ...contextOf(principal), ...asked.context } };
  const identity = principal.policies.flatMap((one) => matching(one, full));
  const controls = (owned.controls ?? []).flatMap((one) => matching(one, full));
  const resource = owned.policy === undefined ? [] : matching(owned.policy, full, principal);
  if ([...identity, ...controls, ...resource].some(isDeny)) return 'explicit deny';
  return isGranted(principal, owned, identity, resource) ? 'allowed' : 'implicit deny';
}

/** Whether a resource's own policy forbids it, whatever others allow. */
export const isDenied = (policy: unknown, principal: Principal, asked: Asked): boolean =>
  denying(policy, principal, asked).length > 0;

/** The statements of a resource's own policy that forbid it. */
export function denying(policy: unknown, principal: Principal, asked: Asked): readonly Statement[] {
  const context = { ...contextOf(principal), ...asked.context };
  return matching(policy, { ...asked, context }, principal).filter(isDeny);
}

function isGranted(
  principal: Principal,
  { account, needsPolicy = false }: Owned,
  identity: readonly Statement[],
  resource: readonly Statement[],
): boolean {
  const { kind } = principal;
  const isOfAccount = kind !== 'service' && principal.account === account;
  const isTrusted = resource.length > 0;
  const isNamed = resource.some((statement) => names(statement, principal) === 'itself');
  if (kind === 'service') return isNamed;
  if (kind === 'root') return isOfAccount && (isTrusted || !needsPolicy);
  const isAllowed = identity.length > 0;
  if (!isOfAccount) return isTrusted && isAllowed;
  return isNamed || (isAllowed && (isTrusted || !needsPolicy));
}

const isDeny = ({ Effect }: Statement) => Effect === 'Deny';

/** The statements that are about this request; of a resource's policy also about this principal. */
function matching(document: unknown, { action, resource, context }: Asked, who?: Principal) {
  return statementsOf(document).filter(
    (statement) =>
      (who === undefined || names(statement, who) !== undefined) &&
      listOf(statement.Action).some((one) => isLike(action.toLowerCase(), one.toLowerCase())) &&
      listOf(statement.Resource ?? '*').some((one) => one === '*' || isArnLike(resource, one)) &&
      meets(statement.Condition ?? {}, context),
  );
}

/** Does a statement name the principal, or only the account that it belongs to? */
function names({ Principal = {} }: Statement, { kind, id, account }: Principal) {
  if (typeof Principal === 'string') return 'itself';
  const { AWS, Service } = Principal as Partial<Record<'AWS' | 'Service', string | string[]>>;
  if (listOf(AWS).includes('*')) return 'itself';
  if (kind === 'service') return listOf(Service).includes(id) ? 'itself' : undefined;
  if (listOf(AWS).includes(id)) return 'itself';
  const ofAccount = [account, `arn:aws:iam::${account}:root`];
  return listOf(AWS).some((one) => ofAccount.includes(one)) ? 'account' : undefined;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
function contextOf(principal: Principal): Context {
  const { kind, id, account, tags = {}, organization } = principal;
  return {
    'aws:PrincipalArn': kind === 'service' ? undefined : id,
    'aws:PrincipalAccount': kind === 'service' ? undefined : account,
    'aws:PrincipalIsAWSService': String(kind === 'service'),
    'aws:userid': kind === 'service' ? undefined : useridOf(principal),
    'aws:SecureTransport': 'true',
    'aws:SourceAccount': undefined,
    'aws:PrincipalOrgID': organization,
    ...Object.fromEntries(
      Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]),
    ),
    'aws:PrincipalTag/*': undefined,
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable */
function useridOf({ kind, id, account, userid }: Principal): string {
  if (userid !== undefined || kind === 'root') return userid ?? account;
  const name = id.replace(/^.*\//, '').toUpperCase();
  return id.includes(':user/') ? `AIDA${name}` : `AROA${name}:session`;
}
