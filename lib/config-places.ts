import type * as z from 'zod';

/** Whether what the schema found is about this place of an environment, or about one around it. */
export type IsWrong = (...place: readonly (string | number)[]) => boolean;

/** Unknown fields leave what they stand beside as it is. */
export function wrongPlaces(issues: readonly z.core.$ZodIssue[]): IsWrong {
  const wrong = new Set(
    issues.filter(({ code }) => code !== 'unrecognized_keys').map(({ path }) => placeOf(path)),
  );
  return (...place) =>
    [[], ...place].some((_, length) => wrong.has(placeOf(place.slice(0, length))));
}

const placeOf = (path: readonly PropertyKey[]) => JSON.stringify(path.map(String));
