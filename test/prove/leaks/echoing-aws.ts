import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { InventoryReport } from '../../../lambda/payloads.ts';

/** How the calls after the first two are answered, each time with what was sent. */
export type Answers =
  | 'an error'
  | 'an error of the server'
  | 'a page'
  | 'half an answer'
  | 'nothing';
export const ANSWERS: readonly Answers[] = [
  'an error',
  'an error of the server',
  'a page',
  'half an answer',
  'nothing',
];

const INVENTORY: InventoryReport = {
  environment: 'dev',
  at: '2026-11-24T00:00:00.000Z',
  keys: [
    {
      key: 'web',
      secretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:amplitude/dev/web-AbCdEf',
      kind: 'ingestion',
      audience: 'server',
      owner: 'growth',
      rotationEnabled: true,
      rotateEveryDays: 90,
      lockedDown: false,
      versions: [],
      staged: [],
      consumers: [],
      held: [],
      todo: [],
    },
  ],
  unreadable: [],
  subscriptions: [],
};

const IDENTITY =
  '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:sts::111122223333:assumed-role/operator/ann</Arn><UserId>ann</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';

/** AWS over HTTP as the SDK meets it: the caller's identity and an inventory, and for all else an echo. */
export async function echoingAws(answers: Answers) {
  const server = createServer((request, response) => void serve(answers, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(answers: Answers, request: IncomingMessage, response: ServerResponse) {
  const body = await text(request);
  if (body.includes('Action=GetCallerIdentity')) {
    response.writeHead(200, { 'content-type': 'text/xml' }).end(IDENTITY);
  } else if (body.includes('"action":"inventory"')) {
    response.writeHead(200).end(JSON.stringify(INVENTORY));
  } else echo(answers, `${request.url} ${JSON.stringify(request.headers)} ${body}`, response);
}

function echo(answers: Answers, asked: string, response: ServerResponse): void {
  const error = { __type: 'ValidationException', message: `Value '${asked}' is not valid` };
  const type = { 'content-type': 'application/x-amz-json-1.1' };
  if (answers === 'an error') response.writeHead(400, type).end(JSON.stringify(error));
  else if (answers === 'an error of the server') response.writeHead(500, type).end(asked);
  else if (answers === 'a page') response.writeHead(200).end(`<html>${asked}</html>`);
  else if (answers === 'half an answer') response.writeHead(200, type).end(`{"Value":"${asked}`);
  else response.destroy();
}
