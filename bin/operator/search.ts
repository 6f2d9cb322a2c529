import { KeysError } from '../../lambda/domain/errors.ts';
import type { WhichReport } from '../../lambda/payloads.ts';
import type { EnvironmentConfig } from '../../lib/config.ts';
import type { Context } from '../keyctl/context.ts';
import { Refusal } from '../keyctl/refusal.ts';
import { which } from './inspect.ts';
import { openSession } from './session.ts';

export type Match = WhichReport['matches'][number] & { readonly environment: string };

/** What could not be searched: a whole environment, or one key of it. */
export interface Gap {
  readonly environment: string;
  readonly key?: string;
  readonly code: string;
  readonly message: string;
}

export interface Search {
  readonly matches: readonly Match[];
  readonly gaps: readonly Gap[];
}

/** Asks environments where a key is or was; only its fingerprint is sent. */
export async function search(
  context: Context,
  environments: readonly EnvironmentConfig[],
  fingerprint: string,
): Promise<Search> {
  const found = await Promise.all(environments.map((one) => searchOne(context, one, fingerprint)));
  return {
    matches: found.flatMap(({ matches }) => matches),
    gaps: found.flatMap(({ gaps }) => gaps),
  };
}

async function searchOne(
  context: Context,
  config: EnvironmentConfig,
  fingerprint: string,
): Promise<Search> {
  const environment = config.name;
  try {
    const report = await which(await openSession(context, config), fingerprint);
    return {
      matches: report.matches.map((match) => ({ environment, ...match })),
      gaps: report.unreadable.map(({ key, error }) => gapOf(environment, key, error)),
    };
  } catch (error) {
    return { matches: [], gaps: [gapBy(environment, error)] };
  }
}

/** An environment that couldn't be asked. @throws what is no refusal */
export function gapBy(environment: string, error: unknown): Gap {
  if (!(error instanceof Refusal || error instanceof KeysError)) throw error;
  const { code, message } = error;
  return { environment, code, message };
}

export const gapOf = (
  environment: string,
  key: string,
  { code, message }: { readonly code: string; readonly message: string },
): Gap => ({ environment, key, code, message });

/** `prod/web` or `prod` */
export const placeOf = ({ environment, key }: Pick<Gap, 'environment' | 'key'>) =>
  key === undefined ? environment : `${environment}/${key}`;
