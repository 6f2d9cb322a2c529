import { expect, it, onTestFinished } from 'vitest';
import { amplitudeKey } from '../../../lib/consumer/amplitude-key.ts';
import { refusedAfter, silentAws } from '../../aws/silent.ts';

it('a consumer waits a few seconds at most for an AWS that never answers', async () => {
  const aws = await silentAws();
  onTestFinished(aws.close);
  const start = amplitudeKey({ secretId: 'amplitude/dev/web' }).current();
  await aws.called;
  const { refusedWith, seconds } = await refusedAfter(start, 60);
  expect(refusedWith).toBe('AWS_CALL_FAILED');
  expect(seconds).toBeLessThan(8);
});
