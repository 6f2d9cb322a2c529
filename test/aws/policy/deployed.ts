import type { Principal } from './authorize.ts';
import { refuse } from './document.ts';
import { arnOf, PLACE, type Resource, type Resources, resolve } from './intrinsics.ts';

export interface DeployedRole extends Principal {
  /** Without the stack's own name before it. */
  readonly name: string;
  readonly trust: unknown;
}

/** Policies and resources of a template, as the account has them once it is deployed. */
export interface Deployed {
  readonly roles: readonly DeployedRole[];
  /** The policies that nobody of the stack need have, by name. */
  readonly managedPolicies: ReadonlyMap<string, unknown>;
  /** Those of the keys. */
  readonly secrets: readonly {
    readonly name: string;
    readonly arn: string;
    readonly policy: unknown;
  }[];
  /** The CMK of the secrets, which an emergency may disable. */
  readonly keysCmk: { readonly arn: string; readonly policy: unknown };
}

export function deployed(template: { readonly Resources: Resources }): Deployed {
  const { Resources: resources } = template;
  const ofType = (type: string) =>
    Object.entries(resources).filter(([, { Type }]) => Type === type);
  const resolved = <T>(part: unknown) => resolve(part, resources) as T;

  const attached = ofType('AWS::IAM::Policy').map(([, { Properties }]) => ({
    roles: resolved<string[]>(Properties.Roles),
    document: resolved<unknown>(Properties.PolicyDocument),
  }));
  const managed = ofType('AWS::IAM::ManagedPolicy').map(([id, { Properties }]) => ({
    arn: arnOf(id, resources),
    name: String(Properties.ManagedPolicyName),
    document: resolved<unknown>(Properties.PolicyDocument),
  }));
  const role = (id: string, { Properties }: Resource): DeployedRole => {
    const name = resolved<string>({ Ref: id });
    const inline = resolved<{ PolicyDocument: unknown }[]>(Properties.Policies ?? []);
    const arns = resolved<string[]>(Properties.ManagedPolicyArns ?? []);
    const known = (arn: string) =>
      managed.find((one) => one.arn === arn)?.document ?? refuse(`the policy ${arn}`);
    return {
      kind: 'identity',
      id: arnOf(id, resources),
      account: PLACE.account,
      name: name.replace(/^AmplitudeKeys-[a-z]+-|[0-9A-F]{8}$/g, ''),
      trust: resolved(Properties.AssumeRolePolicyDocument),
      policies: [
        ...inline.map(({ PolicyDocument }) => PolicyDocument),
        ...arns.map(known),
        ...attached.filter(({ roles }) => roles.includes(name)).map(({ document }) => document),
      ],
    };
  };

  const policies = ofType('AWS::SecretsManager::ResourcePolicy').map(([, { Properties }]) => ({
    secret: resolved<string>(Properties.SecretId),
    document: resolved<unknown>(Properties.ResourcePolicy),
  }));
  const ofKeys = ofType('AWS::SecretsManager::Secret').filter(([, { Properties }]) =>
    String(Properties.Name).startsWith('amplitude/'),
  );
  const secrets = ofKeys.map(([id, { Properties }]) => {
    const arn = arnOf(id, resources);
    const [policy, other] = policies.filter(({ secret }) => secret === arn);
    if (!policy || other) refuse(`which policy the secret ${arn} has`);
    return { name: String(Properties.Name), arn, policy: policy?.document, id, Properties };
  });
  const [cmk, ...others] = new Set(secrets.map(({ Properties }) => resolved(Properties.KmsKeyId)));
  if (others.length > 0) refuse('which CMK the secrets have');
  const [keyId, key] =
    ofType('AWS::KMS::Key').find(([id]) => arnOf(id, resources) === cmk) ??
    refuse(`the CMK ${cmk}`);

  return {
    roles: ofType('AWS::IAM::Role').map(([id, one]) => role(id, one)),
    managedPolicies: new Map(managed.map(({ name, document }) => [name, document])),
    secrets: secrets.map(({ name, arn, policy }) => ({ name, arn, policy })),
    keysCmk: { arn: arnOf(keyId, resources), policy: resolved(key.Properties.KeyPolicy) },
  };
}
