import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { PublishCommand } from '@aws-sdk/client-sns';
import { expect, it } from 'vitest';
import { variable } from '../../../lambda/contract.ts';
import { KeysError } from '../../../lambda/domain/errors.ts';
import { payloadOf } from '../../aws/fakes/lambda.ts';
import { assessment } from '../../bin/terminal/emergency-reports.ts';
import type { World } from '../../lambda/world.ts';
import { Canaries } from './canary.ts';
import { waysToFail } from './echoes.ts';
import { filesIn, withFolder } from './folder.ts';
import { keyctl } from './keyctl.ts';
import { Outputs } from './outputs.ts';
import { searchTemplate } from './template.ts';
import { openVault } from './vault.ts';
import { Watched } from './watched.ts';

type Defect = (world: World, key: string) => Promise<unknown>;

/** The leaks found when a sweep has this defect. */
async function leaksOf(defect: Defect) {
  const canaries = new Canaries(90);
  const outputs = new Outputs(canaries);
  const world = await openVault(canaries);
  const key = canaries.key('current');
  const lifecycleHandler = async () => (await defect(world, key)) as never;
  const watched = new Watched({ ...world, lifecycleHandler }, outputs, 'planted');
  await watched.invoke('lifecycle', {});
  await watched.close();
  const told = outputs.leaks.map(({ how }) => how);
  expect(told.join('\n')).not.toContain(key.slice(0, 12));
  return told;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

const DEFECTS: readonly (readonly [name: string, kind: string, Defect])[] = [
  [
    'a log line with the first half of a key',
    'log line',
    async (_, key) => console.info(key.slice(0, 16)),
  ],
  [
    'a metric with a key as a dimension',
    'metric',
    async (_, key) => console.info(JSON.stringify({ _aws: {}, key })),
  ],
  ['an answer with a key among its names', 'answer of', async (_, key) => ({ [key]: 'current' })],
  [
    'an error with a key in its cause',
    'error of',
    async (_, key) => {
      throw new KeysError('AWS_CALL_FAILED', 'It failed.', {}, new Error(key));
    },
  ],
  [
    'an error with a key in what only a debugger shows',
    'error of',
    async (_, key) => {
      const hidden = { value: key, enumerable: false };
      throw Object.defineProperty(new Error('It failed.'), '$response', hidden);
    },
  ],
  [
    'an error of AWS that is passed on, which quotes what was sent',
    'error of',
    async ({ aws }, key) => {
      const [way] = waysToFail(key);
      aws.faults.fail('DescribeSecret', { error: way?.error ?? 'throttled' });
      await aws.clients.secretsManager.send(new DescribeSecretCommand({ SecretId: 'any' }));
    },
  ],
  [
    'a notification with a key in base64',
    'notification',
    ({ aws, variables }, key) => {
      const TopicArn = variables[variable.topicArn];
      const Message = `Rotated: ${base64(`key ${key}`)}`;
      return aws.clients.sns.send(new PublishCommand({ TopicArn, Message }));
    },
  ],
  [
    'a request that carries the key in its address',
    'address and headers',
    ({ amplitude }, key) => fetch(`${amplitude.endpoints.US.developer}/check?api_key=${key}`),
  ],
];

it('a key that keyctl prints, or writes into a report, is found', async () => {
  const outputs = new Outputs(new Canaries(90));
  const watched = new Watched(await openVault(outputs.canaries), outputs, 'planted');
  const name = base64(outputs.canaries.key('current'));
  for (const args of [['status'], ['assess', '--report', 'FOLDER/report.md']]) {
    watched.world.aws.lambda.answers = { Payload: payloadOf(assessment({ leaked: { name } })) };
    await keyctl(watched, { args: [...args, '--env', 'dev', '--key', 'web', '--json'] });
  }
  await watched.close();
  const kinds = outputs.leaks.map(({ how }) => how.split(',')[0]);
  expect(kinds).toContain('stdout of keyctl');
  expect(kinds).toContain('incident report');
});

it('a key in a template is found, and told apart in the variables of a function', () => {
  const outputs = new Outputs(new Canaries(90));
  const Variables = { ORGANIZATION: outputs.canaries.key('current') };
  const worker = { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables } } };
  searchTemplate(outputs, 'planted', { Resources: { worker, other: { Type: 'AWS::KMS::Key' } } });
  const kinds = outputs.leaks.map(({ how }) => how.split(',')[0]);
  expect(kinds).toEqual(['template', 'environment variables of a function']);
});

it('a file with a key in it is found in a folder, however deep', async () => {
  const outputs = new Outputs(new Canaries(90));
  const bytes = Buffer.from(`\u0000${outputs.canaries.key('current')}\u00ff`);
  await withFolder(async (folder) => {
    await mkdir(join(folder, 'a/b'), { recursive: true });
    await writeFile(join(folder, 'a/b/c'), bytes);
    outputs.search('temporary_files', 'planted', { left: await filesIn(folder) });
  });
  expect(outputs.leaks).toHaveLength(1);
});

it.each(DEFECTS)('%s is found', async (_, kind, defect) => {
  const told = await leaksOf(defect);
  expect(told.filter((how) => how.startsWith(kind))).not.toEqual([]);
});

it('without a defect there is no leak', async () => {
  expect(await leaksOf(async () => 'done')).toEqual([]);
});
