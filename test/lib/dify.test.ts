import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ContainerImage, Secret as EcsSecret, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import type { Principal } from '../aws/policy/authorize.ts';
import { PLACE, type Resources, resolve } from '../aws/policy/intrinsics.ts';
import { read } from '../aws/policy/reading.ts';
import { STATES } from './permissions/who-reads.ts';
import { accountOf, exampleKey, synthesize } from './synthesized.ts';

const SECRET = 'amplitude/dev/dify-web';
const EXECUTION_ROLE = 'DifyOnAwsStack-WebServiceTaskExecutionRole0A1B2C3D-4E5F6071';

/** As Dify's stack puts a field of a secret into its web task: it knows the secret by name alone. */
function difyTemplate(): Resources {
  const stack = new Stack(new App(), 'DifyOnAwsStack');
  const task = new FargateTaskDefinition(stack, 'Task');
  const secret = Secret.fromSecretNameV2(stack, 'Secret', SECRET);
  task.addContainer('Main', {
    image: ContainerImage.fromRegistry('langgenius/dify-web'),
    secrets: { AMPLITUDE_API_KEY: EcsSecret.fromSecretsManager(secret, 'apiKey') },
  });
  return (Template.fromStack(stack).toJSON() as { Resources: Resources }).Resources;
}

const dify = difyTemplate();
const ofType = (type: string) => Object.values(dify).filter(({ Type }) => Type === type);

const executionRole: Principal = {
  kind: 'identity',
  id: `arn:aws:iam::${PLACE.account}:role/${EXECUTION_ROLE}`,
  account: PLACE.account,
  policies: ofType('AWS::IAM::Policy').map(({ Properties }) =>
    resolve(Properties.PolicyDocument, dify),
  ),
};

const consumers = [
  {
    account: PLACE.account,
    roleName: EXECUTION_ROLE,
    purpose: "Dify's web task",
    ecsService: { cluster: 'dify', service: 'web' },
  },
];
const key = { ...exampleKey, audience: 'browser' };
const worldOf = (over: object) =>
  accountOf(synthesize({ keys: { 'dify-web': { ...key, ...over } } }));

describe("Dify's web task on ECS", () => {
  it('gets the key with what its own stack allows it, once it is named as a consumer', () => {
    expect(read(worldOf({ consumers }), executionRole, SECRET, {}, STATES.normal)).toBe('reads');
  });

  it('gets none without that', () => {
    expect(read(worldOf({}), executionRole, SECRET, {}, STATES.normal)).toBe('explicit deny');
  });

  it('names the field apiKey, so that it is refused a start while there is only the placeholder', () => {
    const [task] = ofType('AWS::ECS::TaskDefinition');
    const [{ Secrets }] = task?.Properties.ContainerDefinitions ?? [{}];
    const ValueFrom = `arn:aws:secretsmanager:${PLACE.region}:${PLACE.account}:secret:${SECRET}:apiKey::`;
    expect(resolve(Secrets, dify)).toEqual([{ Name: 'AMPLITUDE_API_KEY', ValueFrom }]);
  });
});
