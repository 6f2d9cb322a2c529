import {
  type DeleteParameterRequest,
  type DescribeParametersRequest,
  type GetParameterRequest,
  type GetParametersByPathRequest,
  InvalidNextToken,
  InvalidResourceId,
  type ListTagsForResourceRequest,
  type PutParameterRequest,
  ValidationException,
} from '@aws-sdk/client-ssm';
import { raise } from './errors.ts';
import { defined, type Operations, operation } from './operation.ts';
import { page } from './paging.ts';
import { passes } from './parameter-filters.ts';
import { isUnder } from './parameter-names.ts';
import type { ParameterStore, StoredParameter } from './parameter-store.ts';
import type { FakeService } from './pipeline.ts';
import type { Place } from './place.ts';

export class FakeSsm implements FakeService {
  readonly name = 'ssm';
  readonly operations: Operations;
  readonly #store: ParameterStore;
  readonly #place: Place;

  constructor(store: ParameterStore, place: Place) {
    this.#store = store;
    this.#place = place;
    this.operations = this.#table();
  }

  names(): string[] {
    return this.#store.all().map(({ name }) => name);
  }

  /** In clear, whatever state its CMK is in. */
  valueOf(name: string): string | undefined {
    return this.#store.get(name)?.value;
  }

  #table(): Operations {
    return {
      PutParameter: operation<PutParameterRequest, 'Name' | 'Value'>(
        ['Name', 'Value'],
        ['Description', 'Type', 'KeyId', 'Overwrite', 'Tags'],
        (input) => ({ Version: this.#store.put(input).version, Tier: 'Standard' }),
      ),
      GetParameter: operation<GetParameterRequest, 'Name'>(
        ['Name'],
        ['WithDecryption'],
        ({ Name, WithDecryption }) => ({
          Parameter: this.#shown(this.#store.find(Name), WithDecryption),
        }),
      ),
      GetParametersByPath: operation<GetParametersByPathRequest, 'Path'>(
        ['Path'],
        ['Recursive', 'WithDecryption', 'MaxResults', 'NextToken'],
        (input) => this.#byPath(input),
      ),
      DescribeParameters: operation<DescribeParametersRequest, never>(
        [],
        ['ParameterFilters', 'MaxResults', 'NextToken'],
        (input) => this.#describe(input),
      ),
      DeleteParameter: operation<DeleteParameterRequest, 'Name'>(['Name'], [], ({ Name }) => {
        this.#store.delete(Name);
        return {};
      }),
      ListTagsForResource: operation<ListTagsForResourceRequest, 'ResourceType' | 'ResourceId'>(
        ['ResourceType', 'ResourceId'],
        [],
        ({ ResourceType, ResourceId }) => this.#tags(ResourceType, ResourceId),
      ),
    };
  }

  #byPath(input: Omit<GetParametersByPathRequest, 'Path'> & { Path: string }) {
    const { Path, Recursive = false, WithDecryption, MaxResults = 10, NextToken } = input;
    if (!Path.startsWith('/')) {
      raise(ValidationException, 'The parameter path must begin with a forward slash.');
    }
    checkPageSize(MaxResults, 10);
    const all = this.#store.all().filter(({ name }) => isUnder(Path, name, Recursive));
    const { items, ...more } = page(all, MaxResults, NextToken, badNextToken);
    return { Parameters: items.map((one) => this.#shown(one, WithDecryption)), ...more };
  }

  #describe({ ParameterFilters = [], MaxResults = 10, NextToken }: DescribeParametersRequest) {
    checkPageSize(MaxResults, 50);
    const all = this.#store
      .all()
      .filter(({ name }) => ParameterFilters.every((filter) => passes(name, filter)));
    const { items, ...more } = page(all, MaxResults, NextToken, badNextToken);
    const Parameters = items.map((one) =>
      defined({
        ...this.#head(one),
        KeyId: one.keyId,
        Description: one.description,
        Tier: 'Standard',
      }),
    );
    return { Parameters, ...more };
  }

  #tags(type: string, name: string) {
    if (type !== 'Parameter') throw new Error(`The fake of ssm does not know tags of a ${type}.`);
    return { TagList: (this.#store.get(name) ?? raise(InvalidResourceId, 'UnknownError')).tags };
  }

  #shown(parameter: StoredParameter, decrypted = false) {
    return { ...this.#head(parameter), Value: this.#store.read(parameter, decrypted) };
  }

  #head({ name, type, version, changedAt }: StoredParameter) {
    const { region, account } = this.#place;
    const path = name.startsWith('/') ? name : `/${name}`;
    return {
      Name: name,
      ARN: `arn:aws:ssm:${region}:${account}:parameter${path}`,
      Type: type,
      Version: version,
      LastModifiedDate: changedAt,
      DataType: 'text',
    };
  }
}

function checkPageSize(size: number, max: number): void {
  if (size < 1 || size > max) {
    raise(ValidationException, `MaxResults must be between 1 and ${max}.`);
  }
}

function badNextToken(): never {
  raise(InvalidNextToken, 'The specified token is not valid.');
}
