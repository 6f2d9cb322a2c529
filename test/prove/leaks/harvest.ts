import { guardTableName, secretName } from '../../../lambda/contract.ts';
import type { World } from '../../lambda/world.ts';
import type { Kind, Outputs } from './outputs.ts';
import { trailOf } from './vault.ts';

const SECRETS = ['web', 'export', 'broken', 'bare', 'twice', 'odd'];

/** Searches all that a world's functions wrote, sent and asked. */
export function harvest(world: World, outputs: Outputs, where: string): void {
  const search = (kind: Kind, output: unknown) => outputs.search(kind, where, output);
  const { aws, amplitude } = world;
  for (const line of world.printed) search(line.includes('"_aws"') ? 'metrics' : 'log_lines', line);
  for (const published of aws.sns.published) search('notifications', published);
  for (const event of aws.events.taken) search('notifications', event);
  for (const line of trailOf(world)) search('trail_lines', line);
  for (const line of world.uses()) search('usage_lines', line);
  for (const item of aws.dynamoDb.itemsOf(guardTableName('dev'))) search('remembered', item);
  for (const call of aws.calls) search('aws_calls', call);
  for (const [index, line] of amplitude.requests.entries()) {
    const { authorization: _, ...headers } = amplitude.headers[index] ?? {};
    search('amplitude_requests', { line, headers });
  }
  for (const name of SECRETS.map((key) => secretName('dev', key))) {
    search('labels_and_tags', aws.secretsManager.versionsOf(name));
    search('labels_and_tags', aws.secretsManager.tagsOf(name));
  }
  search('labels_and_tags', aws.ssm.names());
}
