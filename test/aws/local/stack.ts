import { eventually } from './eventually.ts';
import type { LocalAws } from './start.ts';

export interface Template {
  readonly Resources: Record<string, Record<string, unknown>>;
  readonly Outputs?: Record<string, unknown>;
}

/** Creates or updates a stack and answers its outputs. */
export async function deploy(aws: LocalAws, name: string, template: Template) {
  const stack = { StackName: name };
  const exists = await call(aws, 'DescribeStacks', stack).catch(() => false);
  const TemplateBody = JSON.stringify(template);
  await call(aws, exists ? 'UpdateStack' : 'CreateStack', { ...stack, TemplateBody });
  const described = await eventually(async () => {
    const answer = await call(aws, 'DescribeStacks', stack);
    return !statusOf(answer).endsWith('IN_PROGRESS') && answer;
  });
  if (!/^(CREATE|UPDATE)_COMPLETE$/.test(statusOf(described))) throw new Error(statusOf(described));
  const outputs = described.matchAll(/<OutputKey>(.*?)<\/OutputKey><OutputValue>(.*?)</g);
  return Object.fromEntries([...outputs].map(([, key, value]) => [key, value]));
}

const statusOf = (answer: string) => /<StackStatus>(\w+)</.exec(answer)?.[1] ?? '';

/** Deletes a stack and everything in it. */
export async function remove(aws: LocalAws, name: string) {
  const stack = { StackName: name };
  await call(aws, 'DeleteStack', stack);
  await eventually(() =>
    call(aws, 'DescribeStacks', stack).then(
      () => false,
      () => true,
    ),
  );
}

export const call = (aws: LocalAws, action: string, input: Record<string, string>) =>
  query(aws, 'cloudformation', { Action: action, Version: '2010-05-15', ...input });

/** A service whose SDK this project doesn't use, as that SDK talks to it on the wire. */
export async function query(aws: LocalAws, service: string, input: Record<string, string>) {
  const authorization = `AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/${service}/`;
  const answer = await fetch(aws.endpoint, {
    method: 'POST',
    headers: { authorization: `${authorization}aws4_request` },
    body: new URLSearchParams(input),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(/<Message>(.*?)</.exec(text)?.[1] ?? text);
  return text;
}
