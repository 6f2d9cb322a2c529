import {
  InvalidNextTokenException,
  InvalidParameterException,
} from '@aws-sdk/client-secrets-manager';
import { raise } from './errors.ts';
import { type Page, page } from './paging.ts';

interface PageRequest {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

export function secretPage<Item>(
  all: readonly Item[],
  { MaxResults = 100, NextToken }: PageRequest,
): Page<Item> {
  if (MaxResults < 1 || MaxResults > 100) {
    raise(InvalidParameterException, 'MaxResults must be between 1 and 100.');
  }
  return page(all, MaxResults, NextToken, () =>
    raise(InvalidNextTokenException, 'The NextToken value is invalid.'),
  );
}
