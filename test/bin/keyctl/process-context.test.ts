import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect, it, onTestFinished } from 'vitest';
import { processContext } from '../../../bin/keyctl/process-context.ts';
import { refusedAfter, silentAws } from '../../aws/silent.ts';

it('keyctl gives up an AWS that never answers, after three tries of 90 seconds', async () => {
  const aws = await silentAws();
  onTestFinished(aws.close);
  const { sts } = processContext().connect();
  const call = sts.send(new GetCallerIdentityCommand());
  await aws.called;
  const { refusedWith, seconds } = await refusedAfter(call, 600);
  expect(refusedWith).toBe('TimeoutError');
  expect(seconds).toBeGreaterThan(269);
  expect(seconds).toBeLessThan(300);
});
