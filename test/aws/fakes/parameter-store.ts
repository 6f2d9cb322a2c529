import {
  InvalidKeyId,
  ParameterAlreadyExists,
  ParameterNotFound,
  type ParameterType,
  type PutParameterRequest,
  type Tag,
  ValidationException,
} from '@aws-sdk/client-ssm';
import type { Clock } from './clock.ts';
import { raise } from './errors.ts';
import type { KeyRing } from './key-ring.ts';
import { checkName } from './parameter-names.ts';

export interface StoredParameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly value: string;
  readonly keyId: string | undefined;
  readonly description: string | undefined;
  readonly version: number;
  readonly changedAt: Date;
  readonly tags: readonly Tag[];
}

export type PutInput = Omit<PutParameterRequest, 'Name' | 'Value'> & {
  readonly Name: string;
  readonly Value: string;
};

const MAX_STANDARD_BYTES = 4096;

export class ParameterStore {
  readonly #clock: Clock;
  readonly #ring: KeyRing;
  readonly #parameters = new Map<string, StoredParameter>();

  constructor(clock: Clock, ring: KeyRing) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** By name. */
  all(): StoredParameter[] {
    return [...this.#parameters.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get(name: string): StoredParameter | undefined {
    return this.#parameters.get(name);
  }

  find(name: string): StoredParameter {
    // AWS sends no message; the SDK makes it this
    return this.#parameters.get(name) ?? raise(ParameterNotFound, 'UnknownError');
  }

  delete(name: string): void {
    this.#parameters.delete(this.find(name).name);
  }

  put(input: PutInput): StoredParameter {
    checkName(input.Name);
    const existing = this.#parameters.get(input.Name);
    const type = checkedType(input, existing);
    const keyId = type === 'SecureString' ? (input.KeyId ?? 'alias/aws/ssm') : undefined;
    if (keyId) this.useKey(keyId);
    const parameter: StoredParameter = {
      name: input.Name,
      type,
      value: input.Value,
      keyId,
      description: input.Description ?? existing?.description,
      version: (existing?.version ?? 0) + 1,
      changedAt: this.#clock.now(),
      tags: input.Tags ?? existing?.tags ?? [],
    };
    this.#parameters.set(input.Name, parameter);
    return parameter;
  }

  read({ type, keyId, value }: StoredParameter, decrypted: boolean): string {
    if (type !== 'SecureString') return value;
    if (!decrypted) return 'AQICAHciphertext';
    if (keyId) this.useKey(keyId);
    return value;
  }

  /** SSM wraps KMS's answer as InvalidKeyId: segmentio/chamber#355 and stelligent/mu#345 quote a key pending deletion. */
  useKey(keyId: string): void {
    const fault = this.#ring.faultOf(keyId);
    if (!fault) return;
    const code = fault.endsWith('is disabled.') ? 'DisabledException' : 'NotFoundException';
    raise(InvalidKeyId, `${fault} (Service: AWSKMS; Status Code: 400; Error Code: ${code})`);
  }
}

function checkedType(input: PutInput, existing: StoredParameter | undefined): ParameterType {
  const { Overwrite = false, Tags, Value, Type } = input;
  if (existing && !Overwrite) raise(ParameterAlreadyExists, ALREADY_EXISTS);
  if (Overwrite && Tags) refuse("Tags and overwrite can't be used together.");
  if (Value === '') refuse('A parameter value must not be empty.');
  if (Buffer.byteLength(Value) > MAX_STANDARD_BYTES) refuse(TOO_LARGE);
  return Type ?? existing?.type ?? refuse('A parameter type is required when you create one.');
}

const refuse = (message: string): never => raise(ValidationException, message);

const ALREADY_EXISTS =
  'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.';
const TOO_LARGE =
  'Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.';
