import type { AssumeRoleRequest } from '@aws-sdk/client-sts';
import { serviceError } from './errors.ts';
import type { FakeIam } from './iam.ts';
import { type Operations, operation } from './operation.ts';
import type { FakeService } from './pipeline.ts';

const HOUR = 3600;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export class FakeSts implements FakeService {
  readonly name = 'sts';
  readonly operations: Operations = {
    AssumeRole: operation<AssumeRoleRequest, 'RoleArn' | 'RoleSessionName'>(
      ['RoleArn', 'RoleSessionName'],
      ['DurationSeconds'],
      ({ RoleArn, RoleSessionName, DurationSeconds }) =>
        this.#assume(RoleArn, RoleSessionName, DurationSeconds),
    ),
  };
  readonly #iam: FakeIam;

  constructor(iam: FakeIam) {
    this.#iam = iam;
  }

  #assume(roleArn: string, sessionName: string, seconds = HOUR) {
    checkSession(sessionName, seconds);
    const role = this.#iam.roleOf(roleArn);
    // A role that doesn't exist is told like one that doesn't trust
    if (!role?.trusts) throw denied(this.#iam.functionArn, roleArn);
    const { credentials, arn, expiresAt } = this.#iam.open(role, sessionName, seconds);
    return {
      Credentials: {
        AccessKeyId: credentials.accessKeyId,
        SecretAccessKey: credentials.secretAccessKey,
        SessionToken: credentials.sessionToken,
        Expiration: expiresAt,
      },
      AssumedRoleUser: { AssumedRoleId: `${role.id}:${sessionName}`, Arn: arn },
    };
  }
}

/** A function acts as a role already, and role chaining ends after an hour. */
function checkSession(name: string, seconds: number): void {
  if (!/^[\w+=,.@-]{2,64}$/.test(name)) {
    invalid(
      `1 validation error detected: Value '${name}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    );
  }
  if (seconds < 900) {
    invalid(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900`,
    );
  }
  if (seconds > HOUR) {
    invalid(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
}

function invalid(message: string): never {
  throw serviceError('sts', 'ValidationError', message);
}

const denied = (who: string, roleArn: string) =>
  serviceError(
    'sts',
    'AccessDenied',
    `User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    403,
  );
