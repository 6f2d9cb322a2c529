import type { Resources } from '../../aws/policy/intrinsics.ts';

/** A policy of a template and the type of the resource that has it. */
export interface Found {
  readonly type: string;
  readonly document: unknown;
}

/** Every policy of a template but those by which roles are trusted, on whatever property it is. */
export function documentsIn(resources: Resources): Found[] {
  return Object.values(resources).flatMap(({ Type: type, Properties }) => {
    const { AssumeRolePolicyDocument: _, ...rest } = Properties ?? {};
    return documentsUnder(rest).map((document) => ({ type, document }));
  });
}

function documentsUnder(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('Statement' in value) return [value];
  return Object.values(value).flatMap(documentsUnder);
}
