import {
  DeleteParameterCommand,
  GetParametersByPathCommand,
  type Parameter,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import * as z from 'zod/mini';
import { environmentPath, stagedName, stagedPath } from '../contract.ts';
import { keyless } from '../domain/keyless.ts';
import type { StagedKey, StagedKeys } from '../domain/ports.ts';
import { SecretValue } from '../domain/secret-value.ts';
import { awsFailure, isAwsError } from './aws-error.ts';

/** Staged keys are SecureStrings under the environment's CMK, each named by its fingerprint. */
export function stagedKeys(client: SSMClient): StagedKeys {
  return {
    async list(environment, key) {
      const path = stagedPath(environment, key);
      try {
        return (await parametersUnder(client, path)).map(stagedKey);
      } catch (error) {
        throw awsFailure('GetParametersByPath', path, error);
      }
    },
    async listAll(environment) {
      const path = environmentPath(environment);
      try {
        const parameters = await parametersUnder(client, path, true);
        const staged = parameters.filter(({ Name = '' }) => STAGED.test(Name));
        const byKey = Map.groupBy(staged, ({ Name = '' }) => STAGED.exec(Name)?.[1] ?? '');
        return new Map([...byKey].map(([key, theirs]) => [key, theirs.map(stagedKey)]));
      } catch (error) {
        throw awsFailure('GetParametersByPath', path, error);
      }
    },
    async remove(environment, key, fingerprint) {
      const name = stagedName(environment, key, fingerprint);
      try {
        await client.send(new DeleteParameterCommand({ Name: name }));
      } catch (error) {
        if (isAwsError(error, 'ParameterNotFound')) return;
        throw awsFailure('DeleteParameter', name, error);
      }
    },
  };
}

async function parametersUnder(
  client: SSMClient,
  path: string,
  recursive = false,
): Promise<Parameter[]> {
  const found: Parameter[] = [];
  let NextToken: string | undefined;
  do {
    const page = {
      Path: path,
      WithDecryption: true,
      ...(recursive ? { Recursive: true } : {}),
      ...(NextToken ? { NextToken } : {}),
    };
    const answer = await client.send(new GetParametersByPathCommand(page));
    found.push(...(answer.Parameters ?? []));
    NextToken = answer.NextToken;
  } while (NextToken);
  return found;
}

/** `/amplitude/<environment>/<key>/staged/<fingerprint>` */
const STAGED = /^\/amplitude\/[^/]+\/([^/]+)\/staged\/[^/]+$/;

const stagedJson = z.object({ key: z.string(), name: z.optional(z.string()) });

/** `keyctl` writes JSON with the key's name; a parameter put by hand may hold the key alone. */
function stagedKey({ Name = '', Value = '', LastModifiedDate }: Parameter): StagedKey {
  const { key, name } = parse(Value);
  return {
    id: shown(Name.slice(Name.lastIndexOf('/') + 1)),
    value: new SecretValue(key),
    ...(name === undefined ? {} : { name: keyless(name) }),
    ...(LastModifiedDate ? { stagedAt: LastModifiedDate } : {}),
  };
}

/** Somebody may have named the parameter by the key itself, which then would be quoted everywhere. */
const shown = (id: string) => (/[0-9a-f]{13}/i.test(id) ? 'a-name-that-may-be-a-key' : id);

function parse(value: string): z.infer<typeof stagedJson> {
  try {
    return stagedJson.safeParse(JSON.parse(value)).data ?? { key: value };
  } catch {
    return { key: value };
  }
}
