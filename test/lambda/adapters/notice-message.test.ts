import { describe, expect, it } from 'vitest';
import { chatMessage, textMessage } from '../../../lambda/adapters/notice-message.ts';

const notice = {
  subject: 'Amplitude key dev/web rotated',
  parts: [
    {
      happened: ['The current key is now 3f2a9c01b7de.', 'No key was replaced.'],
      todo: 'Stage one.',
    },
    { happened: ['Another one is retired.'] },
  ],
};

describe('a message', () => {
  it('as text has a paragraph for each part, what to do last', () => {
    expect(textMessage(notice)).toBe(
      [
        'The current key is now 3f2a9c01b7de.',
        'No key was replaced.',
        'To do: Stage one.',
        '',
        'Another one is retired.',
      ].join('\n'),
    );
  });

  it('as a chat notification is what Amazon Q Developer takes', () => {
    expect(JSON.parse(chatMessage(notice))).toEqual({
      version: '1.0',
      source: 'custom',
      content: {
        textType: 'client-markdown',
        title: 'Amplitude key dev/web rotated',
        description:
          'The current key is now 3f2a9c01b7de.\nNo key was replaced.\n\nAnother one is retired.',
        nextSteps: ['Stage one.'],
      },
    });
  });

  it('in a chat leaves next steps out where there are none', () => {
    const quiet = { subject: 'Retired', parts: [{ happened: ['One is retired.'] }] };
    expect(JSON.parse(chatMessage(quiet)).content).not.toHaveProperty('nextSteps');
  });
});
