import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { type LocalAws, startLocalAws } from './start.ts';
import { whereLocalAwsIs } from './suite.ts';
import { zipOf } from './zip.ts';

whereLocalAwsIs('startLocalAws', () => {
  it('leaves neither a server nor a function behind when it is stopped', async () => {
    const aws = await startLocalAws();
    const functionProcess = await processOfAFunction(aws);
    expect(isRunning(functionProcess)).toBe(true);
    await aws.stop();
    await expect(fetch(aws.endpoint)).rejects.toThrow();
    await eventually(async () => !isRunning(functionProcess));
  }, 40_000);
});

async function processOfAFunction({ endpoint }: LocalAws): Promise<number> {
  const credentials = { accessKeyId: '000000000000', secretAccessKey: 'local' };
  const lambda = new LambdaClient({ endpoint, region: 'us-east-1', credentials });
  const code = 'exports.handler = async () => process.pid;';
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'pid',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/pid',
      Code: { ZipFile: zipOf('index.js', code) },
    }),
  );
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'pid' }));
  return Number(new TextDecoder().decode(Payload));
}

/** Signal 0 only asks. */
function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}
