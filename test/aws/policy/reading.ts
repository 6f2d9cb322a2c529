import { authorize, type Decision, type Principal } from './authorize.ts';
import type { Context } from './conditions.ts';
import type { Deployed } from './deployed.ts';
import { arn, PLACE } from './intrinsics.ts';

/** How a key is asked for: as GetSecretValue's input names a version, or as a staged parameter. */
export type Read =
  | {
      readonly VersionId?: string;
      readonly VersionStage?: string;
      /** Id of the VPC endpoint that it comes through: AWS then tells policies no address. */
      readonly endpoint?: string;
      /** That it comes from. @default one that means nobody */
      readonly address?: string;
    }
  | { readonly parameter: string };

export interface State {
  /** Tags of the secret. */
  readonly tags: Readonly<Record<string, string>>;
  readonly isCmkEnabled: boolean;
  /** @default a day before any grant ends */
  readonly at?: string;
}

/** What becomes of a read. */
export type Answer = 'reads' | Exclude<Decision, 'allowed'> | 'CMK disabled';

/** Reads a value of one secret, or a key staged for it. */
export function read(
  world: Deployed,
  who: Principal,
  name: string,
  how: Read,
  state: State,
): Answer {
  const asked =
    'parameter' in how
      ? readParameter(who, how.parameter)
      : readSecret(world, who, name, how, state);
  if (asked.decision !== 'allowed') return asked.decision;
  const context = { ...asked.context, ...timeOf(state) };
  const decrypted = decrypt(world, who, context, 'kms:Decrypt');
  if (decrypted !== 'allowed' && !('parameter' in how && reencrypts(world, who, context))) {
    return decrypted;
  }
  return state.isCmkEnabled ? 'reads' : 'CMK disabled';
}

interface First {
  readonly decision: Decision;
  /** For the CMK, which the service then asks in the caller's name. */
  readonly context: Context;
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html */
function readSecret(
  { secrets }: Deployed,
  who: Principal,
  name: string,
  {
    VersionId,
    VersionStage,
    endpoint,
    address = '192.0.2.1',
  }: Exclude<Read, { parameter: string }>,
  state: State,
): First {
  const secret = secrets.find((one) => one.name === name);
  if (!secret) throw new Error(`There is no secret ${name}.`);
  const { arn: resource, policy } = secret;
  const tagged = Object.entries(state.tags).map(([key, value]) => [
    `aws:ResourceTag/${key}`,
    value,
  ]);
  const context = {
    ...Object.fromEntries(tagged),
    'aws:ResourceTag/*': undefined,
    'secretsmanager:VersionId': VersionId,
    'secretsmanager:VersionStage': VersionStage,
    'aws:SourceVpce': endpoint,
    'aws:SourceIp': endpoint ? undefined : address,
    ...timeOf(state),
  };
  const asked = { action: 'secretsmanager:GetSecretValue', resource, context };
  return {
    decision: authorize(who, asked, { account: PLACE.account, policy }),
    context: through('secretsmanager', { SecretARN: resource }),
  };
}

const timeOf = ({ at = '2026-11-24T00:00:00Z' }: State): Context => ({ 'aws:CurrentTime': at });

/**
 * Parameter Store hands out what KMS encrypted to whoever asks without decryption, who may have KMS
 * encrypt it anew under a key of his own.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html
 */
const reencrypts = (world: Deployed, who: Principal, context: Context) =>
  decrypt(world, who, { ...context, 'kms:ViaService': undefined }, 'kms:ReEncryptFrom') ===
  'allowed';

/** Parameter Store has no policies of its own. A key is read by its name or with all under a path. */
function readParameter(who: Principal, parameter: string): First {
  const path = parameter.slice(0, parameter.lastIndexOf('/'));
  const owned = { account: PLACE.account };
  const decisions = [
    { action: 'ssm:GetParameter', resource: arn('ssm', `parameter${parameter}`), context: {} },
    { action: 'ssm:GetParametersByPath', resource: arn('ssm', `parameter${path}`), context: {} },
  ].map((asked) => authorize(who, asked, owned));
  return {
    decision: decisions.find((one) => one === 'allowed') ?? decisions[0] ?? 'implicit deny',
    context: through('ssm', { PARAMETER_ARN: arn('ssm', `parameter${parameter}`) }),
  };
}

function decrypt(
  { keysCmk }: Deployed,
  who: Principal,
  context: Context,
  action: 'kms:Decrypt' | 'kms:ReEncryptFrom',
): Decision {
  const { arn: resource, policy } = keysCmk;
  const asked = {
    action,
    resource,
    context: { ...context, 'kms:CallerAccount': who.account },
  };
  return authorize(who, asked, { account: PLACE.account, policy, needsPolicy: true });
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html */
function through(service: string, encryption: Readonly<Record<string, string>>): Context {
  const entries = Object.entries(encryption).map(([key, value]) => [
    `kms:EncryptionContext:${key}`,
    value,
  ]);
  return {
    'kms:ViaService': `${service}.${PLACE.region}.amazonaws.com`,
    ...Object.fromEntries(entries),
    'kms:EncryptionContext:*': undefined,
  };
}
