import { HierarchyLevelLimitExceededException, ValidationException } from '@aws-sdk/client-ssm';
import { raise } from './errors.ts';

const MAX_LEVELS = 15;

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html */
export function checkName(name: string): void {
  if (!/^[A-Za-z0-9_.\-/]{1,1011}$/.test(name)) {
    raise(
      ValidationException,
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  }
  const [root, ...levels] = name.split('/');
  if (levels.length > 0 && root !== '') {
    raise(ValidationException, 'Parameter name must be a fully qualified name.');
  }
  if (levels.length > MAX_LEVELS) {
    raise(
      HierarchyLevelLimitExceededException,
      `A parameter name has at most ${MAX_LEVELS} levels.`,
    );
  }
  if (/^\/?(aws|ssm)/i.test(name) || name.endsWith('/') || name.includes('//')) {
    raise(ValidationException, `No access to reserved or malformed parameter name: ${name}.`);
  }
}

export function isUnder(path: string, name: string, recursive: boolean): boolean {
  const folder = path.endsWith('/') ? path : `${path}/`;
  if (!name.startsWith(folder)) return false;
  return recursive || !name.slice(folder.length).includes('/');
}
