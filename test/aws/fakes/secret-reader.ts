import type { DescribeSecretRequest, GetSecretValueRequest } from '@aws-sdk/client-secrets-manager';
import { readerPolicy } from '../../../lib/reader-policy.ts';
import { isDenied } from '../policy/authorize.ts';
import type { Context } from '../policy/conditions.ts';
import { isLike } from '../policy/pattern.ts';
import { serviceError } from './errors.ts';
import type { Credentials, FakeIam, Session } from './iam.ts';
import { type Operations, operation } from './operation.ts';
import type { FakeService } from './pipeline.ts';
import type { Secret } from './secret.ts';
import { describeSecret } from './secret-catalogue.ts';
import type { SecretStore } from './secret-store.ts';
import { read } from './secret-values.ts';

const READ = 'secretsmanager:GetSecretValue';
const DESCRIBE = 'secretsmanager:DescribeSecret';

type Request = GetSecretValueRequest & { readonly SecretId: string };

/** Secrets Manager as a role sees it that isn't exempt from the stack's policy on its secrets. */
export class SecretReader implements FakeService {
  readonly name = 'secretsmanager';
  readonly role: string;
  readonly operations: Operations = {
    GetSecretValue: operation<GetSecretValueRequest, 'SecretId'>(
      ['SecretId'],
      ['VersionId', 'VersionStage'],
      (input) => this.#read(input),
    ),
    DescribeSecret: operation<DescribeSecretRequest, 'SecretId'>(['SecretId'], [], (input) =>
      this.#describe(input),
    ),
  };
  readonly #store: SecretStore;
  readonly #iam: FakeIam;
  readonly #credentials: Credentials;

  constructor(store: SecretStore, iam: FakeIam, credentials: Credentials) {
    this.#store = store;
    this.#iam = iam;
    this.#credentials = credentials;
    this.role = iam.find(credentials)?.role.name ?? 'unknown';
  }

  /** Authorisation comes first: whoever may not read isn't told that there is nothing to read. */
  #read(input: Request) {
    const { session, secret, name, resource } = this.#target(input.SecretId);
    if (secret && this.#isDenied(session, secret, input)) {
      throw denied(session, READ, resource, 'with an explicit deny in a resource-based policy');
    }
    if (!session.role.reads.some((pattern) => isLike(name, pattern))) {
      throw denied(session, READ, resource, unallowed(READ));
    }
    return read(this.#store, input);
  }

  /** The stack's policy on its secrets denies no describing. */
  #describe({ SecretId }: { readonly SecretId: string }) {
    const { session, name, resource } = this.#target(SecretId);
    if (!session.role.describes.some((pattern) => isLike(name, pattern))) {
      throw denied(session, DESCRIBE, resource, unallowed(DESCRIBE));
    }
    return describeSecret(this.#store, SecretId);
  }

  #target(secretId: string) {
    const session = this.#iam.sessionOf(this.#credentials);
    const secret = this.#store.all().find((one) => isNamed(one, secretId));
    return { session, secret, name: secret?.name ?? secretId, resource: secret?.arn ?? secretId };
  }

  #isDenied({ role }: Session, secret: Secret, input: Request): boolean {
    const policy = readerPolicy({
      grants: [{ account: accountOf(role.arn), arn: role.arn }],
      exemptRoleArns: [this.#iam.functionRoleArn],
      probeRoleArn: role.arn,
    }).toJSON();
    const who = {
      kind: 'identity',
      id: role.arn,
      account: accountOf(role.arn),
      policies: [],
    } as const;
    const asked = { action: READ, resource: secret.arn, context: contextOf(secret, input) };
    return isDenied(policy, who, asked);
  }
}

const isNamed = ({ name, arn }: Secret, secretId: string) =>
  [name, arn, arn.slice(0, -7)].includes(secretId);

const accountOf = (arn: string) => arn.split(':')[4] ?? '';

function contextOf({ tags }: Secret, input: Request): Context {
  const tagged = [...tags].map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
  return {
    ...Object.fromEntries(tagged),
    'aws:ResourceTag/*': undefined,
    'secretsmanager:VersionId': input.VersionId,
    'secretsmanager:VersionStage': input.VersionStage,
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
const denied = ({ arn }: Session, action: string, resource: string, why: string) =>
  serviceError(
    'secretsmanager',
    'AccessDeniedException',
    `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`,
  );

const unallowed = (action: string) =>
  `because no identity-based policy allows the ${action} action`;
