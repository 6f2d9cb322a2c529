import { authorize, type Owned } from '../../aws/policy/authorize.ts';
import type { Context } from '../../aws/policy/conditions.ts';
import type { Deployed } from '../../aws/policy/deployed.ts';
import { PLACE } from '../../aws/policy/intrinsics.ts';
import { principals } from './who-reads.ts';

/** What a call of these actions may be asked about. */
export const ABSENT: Context = {
  'kms:ViaService': undefined,
  'aws:ResourceTag/*': undefined,
  'aws:TagKeys': undefined,
  'ecs:cluster': undefined,
  'events:source': undefined,
  'events:detail-type': undefined,
  'dynamodb:LeadingKeys': undefined,
  'ssm:Overwrite': undefined,
  'secretsmanager:VersionStage': undefined,
};

/** Everybody of the stack, by name, who is allowed an action. */
export function allowedIn(
  world: Deployed,
  action: string,
  { resource, ...owned }: Partial<Owned> & { readonly resource: string },
  context: Context = {},
): string[] {
  const operator = principals(world).get('operator');
  if (!operator) throw new Error('There is no operator.');
  const asked = { action, resource, context: { ...ABSENT, ...context } };
  return [...world.roles, { ...operator, name: 'operator' }]
    .filter((who) => authorize(who, asked, { account: PLACE.account, ...owned }) === 'allowed')
    .map(({ name }) => name)
    .toSorted();
}
