import type { DescribeSecretRequest, GetSecretValueRequest } from '@aws-sdk/client-secrets-manager';
import { readerPolicy } from '../../../lib/reader-policy.ts';
import { serviceError } from './errors.ts';
import type { Credentials, FakeIam, Session } from './iam.ts';
import { defined, type Operations, operation } from './operation.ts';
import type { FakeService } from './pipeline.ts';
import { isDenied, isLike, type RequestContext, type Statement } from './resource-policy.ts';
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
    if (secret && isDenied(this.#policy(), READ, contextOf(session, secret, input))) {
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

  #policy(): readonly Statement[] {
    return readerPolicy([this.#iam.functionRoleArn]).toJSON().Statement;
  }
}

const isNamed = ({ name, arn }: Secret, secretId: string) =>
  [name, arn, arn.slice(0, -7)].includes(secretId);

function contextOf({ role }: Session, { tags }: Secret, input: Request): RequestContext {
  const tagged = [...tags].map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
  return defined({
    ...Object.fromEntries(tagged),
    'aws:PrincipalArn': role.arn,
    'secretsmanager:VersionId': input.VersionId,
    'secretsmanager:VersionStage': input.VersionStage,
  });
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
