import type { GetSecretValueRequest } from '@aws-sdk/client-secrets-manager';
import { readerPolicy } from '../../../lib/reader-policy.ts';
import { isDenied } from '../policy/authorize.ts';
import type { Context } from '../policy/conditions.ts';
import { isLike } from '../policy/pattern.ts';
import { serviceError } from './errors.ts';
import type { Credentials, FakeIam, Session } from './iam.ts';
import { type Operations, operation } from './operation.ts';
import type { FakeService } from './pipeline.ts';
import type { Secret } from './secret.ts';
import type { SecretStore } from './secret-store.ts';
import { read } from './secret-values.ts';

const READ = 'secretsmanager:GetSecretValue';

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
    const session = this.#iam.sessionOf(this.#credentials);
    const secret = this.#store.all().find((one) => isNamed(one, input.SecretId));
    const name = secret?.name ?? input.SecretId;
    const resource = secret?.arn ?? input.SecretId;
    if (secret && this.#isDenied(session, secret, input)) {
      throw denied(session, resource, 'with an explicit deny in a resource-based policy');
    }
    if (!session.role.reads.some((pattern) => isLike(name, pattern))) {
      throw denied(session, resource, `because no identity-based policy allows the ${READ} action`);
    }
    return read(this.#store, input);
  }

  #isDenied({ role }: Session, secret: Secret, input: Request): boolean {
    const policy = readerPolicy([this.#iam.functionRoleArn]).toJSON();
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
const denied = ({ arn }: Session, resource: string, why: string) =>
  serviceError(
    'secretsmanager',
    'AccessDeniedException',
    `User: ${arn} is not authorized to perform: ${READ} on resource: ${resource} ${why}`,
  );
