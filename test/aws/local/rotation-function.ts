import {
  AddPermissionCommand,
  CreateFunctionCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { zipOf } from './zip.ts';

export interface RotationFunctionOptions {
  readonly name: string;
  /** The step that throws, each time it is called. */
  readonly fails?: string;
  /** Whether Secrets Manager may invoke it. */
  readonly permitted?: boolean;
}

/** Deploys the smallest rotation function and answers its ARN. */
export async function deployRotationFunction(
  lambda: LambdaClient,
  { name, fails = '', permitted = true }: RotationFunctionOptions,
): Promise<string> {
  const { FunctionArn = '' } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/rotation',
      Environment: { Variables: { FAILS: fails } },
      Code: { ZipFile: zipOf('index.js', code) },
    }),
  );
  if (permitted) {
    await lambda.send(
      new AddPermissionCommand({
        FunctionName: name,
        StatementId: 'rotation',
        Action: 'lambda:InvokeFunction',
        Principal: 'secretsmanager.amazonaws.com',
        SourceAccount: '000000000000',
      }),
    );
  }
  return FunctionArn;
}

/** Talks to Secrets Manager as the SDK does on the wire, so that nothing has to be bundled. */
const code = `
async function call(action, input) {
  const answer = await fetch(process.env.AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': 'secretsmanager.' + action,
    },
    body: JSON.stringify(input),
  });
  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(body.message), { name: body.__type });
  return body;
}

const steps = {
  async createSecret(SecretId, token) {
    const value = { SecretString: 'value of ' + token, VersionStages: ['AWSPENDING'] };
    await call('PutSecretValue', { SecretId, ClientRequestToken: token, ...value });
  },
  async setSecret() {},
  async testSecret() {},
  async finishSecret(SecretId, token) {
    const { VersionId: current } = await call('GetSecretValue', { SecretId });
    const promote = { VersionStage: 'AWSCURRENT', RemoveFromVersionId: current };
    await call('UpdateSecretVersionStage', { SecretId, ...promote, MoveToVersionId: token });
    const clear = { VersionStage: 'AWSPENDING', RemoveFromVersionId: token };
    await call('UpdateSecretVersionStage', { SecretId, ...clear });
  },
};

exports.handler = async (event) => {
  const { Step, SecretId, ClientRequestToken: token } = event;
  const { VersionIdsToStages = {} } = await call('DescribeSecret', { SecretId });
  const found = await call('GetSecretValue', { SecretId, VersionId: token }).catch((e) => e.name);
  console.log(JSON.stringify({
    ...event,
    labels: VersionIdsToStages[token],
    value: found.SecretString ?? found,
    time: new Date().toISOString(),
    runtime: process.version,
  }));
  if (Step === process.env.FAILS) throw Object.assign(new Error('as told'), { name: 'TOLD' });
  await steps[Step](SecretId, token);
};
`;
