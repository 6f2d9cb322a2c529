import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

const COMMANDS = {
  'secretsmanager.GetSecretValue': GetSecretValueCommand,
  'secretsmanager.DescribeSecret': DescribeSecretCommand,
};

/** Secrets Manager on loopback, as another process of the consumer's role finds it. */
export async function secretsEndpoint(client: SecretsManagerClient) {
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(
      client,
      request.headers['x-amz-target'],
      await text(request),
    );
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(body, inSeconds));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(client: SecretsManagerClient, target: unknown, input: string) {
  const Command = COMMANDS[target as keyof typeof COMMANDS];
  if (!Command) return { status: 400, body: { __type: 'UnknownOperationException' } };
  try {
    return { status: 200, body: await client.send(new Command(JSON.parse(input)) as never) };
  } catch (error) {
    const { name, message } = error as Error;
    return { status: 400, body: { __type: name, Message: message } };
  }
}

/** As JSON of AWS has a time; `toJSON` has made text of it already. */
function inSeconds(this: Record<string, unknown>, field: string, value: unknown) {
  const given = this[field];
  return given instanceof Date ? given.getTime() / 1000 : value;
}
