import { type ListMFADevicesRequest, NoSuchEntityException } from '@aws-sdk/client-iam';
import type { Clock } from './clock.ts';
import { raise, serviceError } from './errors.ts';
import type { Ids } from './ids.ts';
import { type Operations, operation } from './operation.ts';
import type { FakeService } from './pipeline.ts';
import type { Place } from './place.ts';

export interface RoleSeed {
  readonly name: string;
  /** Whether the functions may assume it. @default true */
  readonly trusts?: boolean;
  /** Names of the secrets that it may read; `*` is any text. */
  readonly reads: readonly string[];
  /** Names of the secrets that it may describe. @default none */
  readonly describes?: readonly string[];
}

export interface Role {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly trusts: boolean;
  readonly reads: readonly string[];
  readonly describes: readonly string[];
}

/** As a client of the SDK takes them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** A role in use, until it expires. */
export interface Session {
  readonly role: Role;
  /** `arn:aws:sts::…:assumed-role/…` */
  readonly arn: string;
  readonly credentials: Required<Credentials>;
  readonly expiresAt: Date;
}

/** The users of the account, its roles besides the functions' own, and the sessions of them. */
export class FakeIam implements FakeService {
  readonly name = 'iam';
  /** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html */
  readonly operations: Operations = {
    ListMFADevices: operation<ListMFADevicesRequest, 'UserName'>(['UserName'], [], ({ UserName }) =>
      this.#devicesOf(UserName),
    ),
  };
  /**
   * IAM may answer a page without any device although there are more.
   * https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html
   */
  pagesEmpty = false;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #account: string;
  readonly #roles: Role[] = [];
  readonly #sessions: Session[] = [];
  /** Serial numbers of the MFA devices of each user. */
  readonly #users = new Map<string, readonly string[]>();

  constructor(clock: Clock, ids: Ids, { account }: Place) {
    this.#clock = clock;
    this.#ids = ids;
    this.#account = account;
  }

  /** @returns the role's ARN */
  seedRole({ name, trusts = true, reads, describes = [] }: RoleSeed): string {
    const arn = `arn:aws:iam::${this.#account}:role/${name}`;
    const id = this.#identifier('AROA');
    this.#roles.push({ id, name, arn, trusts, reads, describes });
    return arn;
  }

  /** @param devices names of its virtual MFA devices */
  seedUser(name: string, devices: readonly string[] = []): void {
    const serials = devices.map((device) => `arn:aws:iam::${this.#account}:mfa/${device}`);
    this.#users.set(name, serials);
  }

  /** Who calls through the clients that assumed no role: a function. */
  get functionArn(): string {
    return this.#sessionArn('worker', 'session');
  }

  get functionRoleArn(): string {
    return `arn:aws:iam::${this.#account}:role/worker`;
  }

  roleOf(arn: string): Role | undefined {
    return this.#roles.find((role) => role.arn === arn);
  }

  open(role: Role, name: string, seconds: number): Session {
    const credentials = {
      accessKeyId: this.#identifier('ASIA'),
      secretAccessKey: this.#ids.uuid(),
      sessionToken: this.#ids.uuid(),
    };
    const expiresAt = new Date(this.#clock.now().getTime() + seconds * 1000);
    const session = { role, arn: this.#sessionArn(role.name, name), credentials, expiresAt };
    this.#sessions.push(session);
    return session;
  }

  /** Also one that has expired. */
  find(given: Credentials): Session | undefined {
    return this.#sessions.find(
      ({ credentials }) =>
        credentials.accessKeyId === given.accessKeyId &&
        credentials.secretAccessKey === given.secretAccessKey &&
        credentials.sessionToken === given.sessionToken,
    );
  }

  /** https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html */
  sessionOf(given: Credentials): Session {
    const session = this.find(given);
    if (!session) {
      throw refused('UnrecognizedClientException', 'invalid');
    }
    if (session.expiresAt <= this.#clock.now()) {
      throw refused('ExpiredTokenException', 'expired');
    }
    return session;
  }

  #devicesOf(UserName: string) {
    if (!/^[\w+=,.@-]{1,128}$/.test(UserName)) {
      throw serviceError('iam', 'ValidationError', 'The specified value for userName is invalid.');
    }
    const serials = this.#users.get(UserName);
    if (!serials) {
      const message = `The user with name ${UserName} cannot be found.`;
      return raise(NoSuchEntityException, message, 404);
    }
    if (this.pagesEmpty) return { MFADevices: [], IsTruncated: true, Marker: 'next' };
    const EnableDate = new Date('2026-01-01T00:00:00Z');
    const MFADevices = serials.map((SerialNumber) => ({ UserName, SerialNumber, EnableDate }));
    return { MFADevices, IsTruncated: false };
  }

  #sessionArn(role: string, session: string): string {
    return `arn:aws:sts::${this.#account}:assumed-role/${role}/${session}`;
  }

  #identifier(prefix: string): string {
    return prefix + this.#ids.uuid().replaceAll('-', '').slice(0, 16).toUpperCase();
  }
}

const refused = (name: string, what: string) =>
  serviceError('secretsmanager', name, `The security token included in the request is ${what}`);
