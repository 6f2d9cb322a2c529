import type { Notice } from '../domain/ports.ts';

/** Plain text, as a mail shows it. */
export function textMessage({ parts }: Notice): string {
  const paragraphs = parts.map(({ happened, todo }) =>
    [...happened, ...(todo ? [`To do: ${todo}`] : [])].join('\n'),
  );
  return paragraphs.join('\n\n');
}

/** What a chat shows of a title and of a description. */
const MOST = { title: 250, description: 8_000 } as const;

/** https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html */
export function chatMessage({ subject, parts }: Notice): string {
  const nextSteps = parts.flatMap(({ todo }) => todo ?? []);
  const description = parts.map(({ happened }) => happened.join('\n')).join('\n\n');
  return JSON.stringify({
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title: subject.slice(0, MOST.title),
      description: description.slice(0, MOST.description),
      ...(nextSteps.length > 0 ? { nextSteps } : {}),
    },
  });
}
