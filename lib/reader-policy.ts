import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { tag } from '../lambda/contract.ts';

/** The labels a consumer may read by; a retained key is read by its own label. */
const READERS_STAGES = ['AWSCURRENT', 'AWSPREVIOUS', 'RETAINED-UNTIL-*'];

/**
 * Denies on one secret. They name reads only, never the policy itself, so that nobody can lock the
 * account out, and exempt roles by `ArnNotEquals`, never by NotPrincipal.
 */
export function readerPolicy(exemptRoleArns: readonly string[]): PolicyDocument {
  const deny = (sid: string, conditions: Record<string, Record<string, string | string[]>>) =>
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['secretsmanager:GetSecretValue'],
      resources: ['*'],
      conditions: { ...conditions, ArnNotEquals: { 'aws:PrincipalArn': exemptRoleArns } },
    });
  return new PolicyDocument({
    statements: [
      deny('LockedDown', { StringEquals: { [`aws:ResourceTag/${tag.lockdown}`]: 'on' } }),
      deny('ReadersNameNoVersionId', { Null: { 'secretsmanager:VersionId': 'false' } }),
      // Whether a read that names no stage carries the key isn't documented: only a present one is judged.
      deny('ReadersKeepToTheirStages', {
        Null: { 'secretsmanager:VersionStage': 'false' },
        StringNotLike: { 'secretsmanager:VersionStage': READERS_STAGES },
      }),
    ],
  });
}
