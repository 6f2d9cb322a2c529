import {
  InvalidParameterException,
  InvalidRequestException,
  ResourceExistsException,
  ResourceNotFoundException,
} from '@aws-sdk/client-secrets-manager';
import type { Clock } from './clock.ts';
import { raise } from './errors.ts';
import type { Ids } from './ids.ts';
import type { KeyRing } from './key-ring.ts';
import type { Place } from './place.ts';
import { Secret } from './secret.ts';

/** The secrets of one account and Region, found by name, ARN or ARN without its suffix. */
export class SecretStore {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly keys: KeyRing;
  readonly #place: Place;
  #secrets: Secret[] = [];

  constructor(clock: Clock, ids: Ids, keys: KeyRing, place: Place) {
    this.clock = clock;
    this.ids = ids;
    this.keys = keys;
    this.#place = place;
  }

  now(): Date {
    return this.clock.now();
  }

  all(): readonly Secret[] {
    const now = this.now();
    this.#secrets = this.#secrets.filter(({ deletionAt }) => !deletionAt || deletionAt > now);
    return this.#secrets;
  }

  create(name: string): Secret {
    if (!/^[A-Za-z0-9/_+=.@-]{1,512}$/.test(name)) {
      raise(
        InvalidParameterException,
        'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
      );
    }
    const existing = this.all().find((secret) => secret.name === name);
    if (existing?.deletionAt) raise(InvalidRequestException, NAME_SCHEDULED_FOR_DELETION);
    if (existing) {
      raise(
        ResourceExistsException,
        `The operation failed because the secret ${name} already exists.`,
      );
    }
    const { region, account } = this.#place;
    const arn = `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${this.ids.suffix()}`;
    const secret = new Secret(name, arn, this.now());
    this.#secrets.push(secret);
    return secret;
  }

  /** Also one marked for deletion: DescribeSecret and RestoreSecret still see it. */
  findAny(secretId: string): Secret {
    const found = this.all().find(
      ({ name, arn }) => [name, arn].includes(secretId) || arn.slice(0, -7) === secretId,
    );
    return (
      found ?? raise(ResourceNotFoundException, "Secrets Manager can't find the specified secret.")
    );
  }

  find(secretId: string): Secret {
    const secret = this.findAny(secretId);
    if (secret.deletionAt) raise(InvalidRequestException, MARKED_FOR_DELETION);
    return secret;
  }

  remove(secret: Secret): void {
    this.#secrets = this.#secrets.filter((one) => one !== secret);
  }
}

const NAME_SCHEDULED_FOR_DELETION =
  "You can't create this secret because a secret with this name is already scheduled for deletion.";
const MARKED_FOR_DELETION =
  "You can't perform this operation on the secret because it was marked for deletion.";
