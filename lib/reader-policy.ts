import {
  AccountPrincipal,
  AnyPrincipal,
  Effect,
  PolicyDocument,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import { tag } from '../lambda/contract.ts';
import { QUARANTINED } from './quarantine.ts';
import {
  alike,
  type Conditions,
  type Grant,
  named,
  type Readers,
  strangers,
  together,
} from './readers.ts';

/** The labels a consumer may read by; a retained key is read by its own label. */
const READERS_STAGES = ['AWSCURRENT', 'AWSPREVIOUS', 'RETAINED-UNTIL-*'];

export interface Quarantining {
  /** Whether tags of the secret may deny a reader. @default false */
  readonly canQuarantine?: boolean;
}

/**
 * Who reads one secret. Its statements name reads only, never the policy itself, so that nobody can
 * lock the account out; denies exempt roles by `ArnNotEquals`, never by NotPrincipal.
 */
export function readerPolicy(
  readers: Readers,
  { canQuarantine = false }: Quarantining = {},
): PolicyDocument {
  const { grants, exemptRoleArns, probeRoleArn } = readers;
  const deny = (sid: string, conditions: Conditions) =>
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['secretsmanager:GetSecretValue'],
      resources: ['*'],
      conditions: together(
        { ArnNotEquals: { 'aws:PrincipalArn': [...exemptRoleArns] } },
        conditions,
      ),
    });
  return new PolicyDocument({
    statements: [
      ...granted(grants),
      deny('LockedDown', { StringEquals: { [`aws:ResourceTag/${tag.lockdown}`]: 'on' } }),
      ...(canQuarantine ? QUARANTINED : []).map((conditions, index) =>
        deny(`Quarantined${index + 1}`, conditions),
      ),
      deny('ReadersNameNoVersionId', { Null: { 'secretsmanager:VersionId': 'false' } }),
      // Whether a read that names no stage carries the key isn't documented: only a present one is judged.
      deny('ReadersKeepToTheirStages', {
        Null: { 'secretsmanager:VersionStage': 'false' },
        StringNotLike: { 'secretsmanager:VersionStage': READERS_STAGES },
      }),
      ...strangers(readers).map((conditions, index) =>
        deny(`OnlyGrantedReaders${index || ''}`, conditions),
      ),
      ...RESTRICTIONS.flatMap(({ sid, field, broken }) =>
        restricted(grants, field, broken).map((conditions, index) =>
          deny(
            `${sid}${index + 1}`,
            // Tags of the stack are tags of its roles: a probe that were denied by one would prove nothing.
            together(
              { ArnNotEquals: { 'aws:PrincipalArn': [...exemptRoleArns, probeRoleArn] } },
              conditions,
            ),
          ),
        ),
      ),
    ],
  });
}

/**
 * The principal is always an account, which leaves the decision to its own policies: a role would be
 * refused while IAM doesn't know it (MalformedPolicyDocument), and one that was deleted and made again
 * would have lost its grant.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
function granted(grants: readonly Grant[]): PolicyStatement[] {
  const groups = alike(grants, ({ account, end, vpcEndpoint, organization }) => [
    account,
    end,
    vpcEndpoint,
    organization,
  ]);
  const statements = groups.flatMap((group) =>
    named(group).map((who) => ({ who, first: group[0] as Grant })),
  );
  return statements.map(
    ({ who, first: { account, end, vpcEndpoint, organization } }, index) =>
      new PolicyStatement({
        sid: `Granted${index + 1}`,
        principals: [new AccountPrincipal(account)],
        actions: ['secretsmanager:GetSecretValue'],
        resources: ['*'],
        conditions: together(
          who,
          end ? { DateLessThan: { 'aws:CurrentTime': end } } : {},
          vpcEndpoint ? { StringEquals: { 'aws:SourceVpce': vpcEndpoint } } : {},
          organization ? { StringEquals: { 'aws:PrincipalOrgID': organization } } : {},
        ),
      }),
  );
}

interface Restriction {
  readonly sid: string;
  readonly field: 'end' | 'vpcEndpoint' | 'organization';
  readonly broken: (value: string) => Conditions;
}

/** In the stack's own account a consumer's policies would do, without any grant here. */
const RESTRICTIONS: readonly Restriction[] = [
  {
    sid: 'GrantEnded',
    field: 'end',
    broken: (end) => ({ DateGreaterThanEquals: { 'aws:CurrentTime': end } }),
  },
  {
    sid: 'NotThroughEndpoint',
    field: 'vpcEndpoint',
    broken: (endpoint) => ({ StringNotEquals: { 'aws:SourceVpce': endpoint } }),
  },
  {
    sid: 'NotOfOrganization',
    field: 'organization',
    broken: (organization) => ({ StringNotEquals: { 'aws:PrincipalOrgID': organization } }),
  },
];

/** Whom several grants name is held to the restrictions of all of them. */
function restricted(
  grants: readonly Grant[],
  field: Restriction['field'],
  broken: Restriction['broken'],
): Conditions[] {
  const held = grants.filter((grant) => grant[field]);
  // An ARN tells its account; a tag is restricted where it is granted.
  const groups = alike(held, ({ [field]: value, account, tag }) => [value, tag ? account : '']);
  return groups.flatMap((group) => {
    const [{ [field]: value = '', account, tag }] = group as [Grant];
    const there = tag ? { StringEquals: { 'aws:PrincipalAccount': account } } : {};
    return named(group).map((who) => together(who, there, broken(value)));
  });
}
