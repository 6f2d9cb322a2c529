import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { stackName } from '../../lambda/contract.ts';
import { loadEnvironments } from '../../lib/config.ts';
import { KeysStack } from '../../lib/keys-stack.ts';
import type { Resource, Resources } from '../aws/policy/intrinsics.ts';
import { CONTROLS } from './security-hub.ts';
import { environmentOf, everyOption } from './synthesized.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'templates-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Bundling is left out for speed. */
const UNBUNDLED = { 'aws:cdk:bundling-stacks': [] };

const environments = [
  ...Object.values(await loadEnvironments()),
  environmentOf(everyOption, 'every-option'),
];

/** As bin/app.ts makes it: a finding that isn't acknowledged fails the synth. */
function assembly() {
  const app = new App({ outdir: join(folder, 'cdk.out'), context: UNBUNDLED });
  for (const environment of environments) {
    new KeysStack(app, stackName(environment.name), environment);
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app.synth();
}

const stacks = assembly().stacks.map(({ id, template, templateFullPath: file }) => {
  const { Resources: resources } = template as { Resources: Resources };
  return { id, file, resources };
});

it('every environment of lib/environments.ts is checked, and one with every option', () => {
  expect(stacks.map(({ id }) => id).toSorted()).toEqual([
    'AmplitudeKeys-dev',
    'AmplitudeKeys-every-option',
    'AmplitudeKeys-prod',
    'AmplitudeKeys-test',
  ]);
});

it("cdk-nag's AwsSolutions found nothing above, and find what bin/app.ts doesn't acknowledge", async () => {
  onTestFinished(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  vi.stubEnv('CDK_CONTEXT_JSON', JSON.stringify(UNBUNDLED));
  vi.spyOn(Validations.prototype, 'acknowledge').mockReturnValue();
  const validated = vi.spyOn(Validations, 'of');
  await import('../../bin/app.ts');
  const app = validated.mock.calls.map(([scope]) => scope).find((scope) => scope instanceof App);
  expect(() => app?.synth()).toThrow(/AwsSolutions-IAM5/);
}, 60_000);

const cfnLint = join(root, '.local', 'cfn-lint', 'bin', 'cfn-lint');
const isSkipped = !existsSync(cfnLint) && !process.env.CI;

describe.skipIf(isSkipped)(`cfn-lint${isSkipped ? ' (skipped: it is not installed)' : ''}`, () => {
  it('passes the template of every environment, and no wrong one', () => {
    const wrong = join(folder, 'wrong.template.json');
    const Topic = { Type: 'AWS::SNS::Topic', Properties: { DisplayNames: 'wrong' } };
    writeFileSync(wrong, JSON.stringify({ Resources: { Topic } }));
    const files = [...stacks.map(({ file }) => file), wrong];
    const { stdout, stderr } = spawnSync(cfnLint, ['--format', 'parseable', ...files], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/wrong\.template\.json:.*:E3002:/),
    ]);
  }, 60_000);
});

describe('Security Hub:', () => {
  /** What is meant, beside what the README says of it. */
  const MEANT: Readonly<Record<string, readonly string[]>> = {
    // Dify is told a token by people; and another key of digests would make other users.
    'SecretsManager.1': [
      'AmplitudeKeys-every-option RelaySecretsToken',
      'AmplitudeKeys-every-option RelaySecretsDigestKey',
    ],
    // A key whose configuration says another cycle than 90 days.
    'SecretsManager.4': ['AmplitudeKeys-prod Keydifyweb'],
  };

  it.each(CONTROLS)('$name', ({ name, broken }) => {
    const found = stacks.flatMap(({ id, resources }) =>
      broken(resources).map((resource) => `${id} ${resource.replace(/(Schedule)?.{8}$/, '')}`),
    );
    const [, control = ''] = /^\[(.*?)\]/.exec(name) ?? [];
    expect(found).toEqual(MEANT[control] ?? []);
  });

  const AllowAll = { Effect: 'Allow', Action: 'kms:*', Resource: '*' };
  const document = (over = {}) => ({ Statement: [{ ...AllowAll, ...over }] });
  const remove = (properties: object) => (one: Resource) => ({
    ...one,
    Properties: { ...one.Properties, ...properties },
  });
  const changes: Record<string, [type: string, change: (one: Resource) => Resource]> = {
    'SecretsManager.1': ['AWS::SecretsManager::RotationSchedule', remove({ RotationRules: null })],
    'SecretsManager.2': [
      'AWS::SecretsManager::RotationSchedule',
      (one) => ({ ...one, DependsOn: [] }),
    ],
    'SecretsManager.3': ['AWS::Scheduler::Schedule', remove({ State: 'DISABLED' })],
    'SecretsManager.4': [
      'AWS::SecretsManager::RotationSchedule',
      remove({ RotationRules: { ScheduleExpression: 'rate(91 days)' } }),
    ],
    'SecretsManager.5': ['AWS::SecretsManager::Secret', remove({ Tags: [] })],
    'KMS.1': ['AWS::IAM::ManagedPolicy', remove({ PolicyDocument: document() })],
    'KMS.2': ['AWS::IAM::Policy', remove({ PolicyDocument: document({ Action: 'kms:Decrypt' }) })],
    'KMS.3': ['AWS::KMS::Key', (one) => ({ ...one, DeletionPolicy: 'Delete' })],
    'KMS.4': ['AWS::KMS::Key', remove({ EnableKeyRotation: false })],
    'KMS.5': ['AWS::KMS::Key', remove({ KeyPolicy: document({ Principal: '*' }) })],
    'SNS.1': ['AWS::SNS::Topic', remove({ KmsMasterKeyId: undefined })],
    'Lambda.1': ['AWS::Lambda::Permission', remove({ Principal: '*' })],
    'Lambda.2': ['AWS::Lambda::Function', remove({ Runtime: 'nodejs16.x' })],
    'CloudWatch.15': ['AWS::CloudWatch::Alarm', remove({ AlarmActions: [] })],
    'CloudWatch.16': ['AWS::Logs::LogGroup', remove({ RetentionInDays: 30 })],
    'CloudWatch.17': ['AWS::CloudWatch::Alarm', remove({ ActionsEnabled: false })],
  };

  it.each(CONTROLS)('a template that breaks it is found: $name', ({ name, broken }) => {
    const [, id = ''] = /^\[(.*?)\]/.exec(name) ?? [];
    const [type, change] = changes[id] ?? [];
    const [dev] = stacks;
    const changed = Object.entries(dev?.resources ?? {}).map(([at, one]) => [
      at,
      one.Type === type && change ? change(one) : one,
    ]);
    expect(broken(Object.fromEntries(changed)).length).toBeGreaterThan(0);
  });
});
