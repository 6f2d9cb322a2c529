import type { ECSClient } from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, it } from 'vitest';
import { ecsServices } from '../../../lambda/adapters/ecs.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';
import type { Failure } from '../../aws/fakes/faults.ts';

const NOW = new Date('2026-11-24T00:00:00Z');
const MINUTE = 60_000;
const KEY = '5'.repeat(32);
const WEB = { cluster: 'dify', service: 'web' };
const before = new Date(NOW.getTime() - 1);
let aws: FakeAws;

beforeEach(() => {
  aws = new FakeAws({ now: NOW });
  aws.ecs.seedService('dify/web');
});

const services = () => ecsServices(aws.clients.ecs);
/** Whatever is asked, ECS answers this. */
const answering = (answer: object) =>
  ecsServices({ send: async () => answer } as unknown as ECSClient);
const progressOf = async (brief: object) => {
  const [found] = await answering({ serviceDeployments: [brief] }).deploymentsSince(WEB, before);
  return found;
};
const calls = () => aws.calls.map(({ command }) => command);

describe('a restart', () => {
  it('is a new deployment, of the same task definition', async () => {
    await services().restart(WEB);
    expect(aws.calls).toMatchObject([
      { command: 'UpdateService', input: { ...WEB, forceNewDeployment: true } },
    ]);
    expect(aws.ecs.deploymentsOf('dify/web')).toHaveLength(1);
  });

  it('names the service by its name alone, whatever else comes with it', async () => {
    await services().restart({ ...WEB, desiredCount: 0 } as typeof WEB);
    expect(Object.keys(aws.calls[0]?.input ?? {})).toEqual([
      'cluster',
      'service',
      'forceNewDeployment',
    ]);
  });

  it('is refused where CodeDeploy makes the deployments, and says what to do instead', async () => {
    aws.ecs.seedService('dify/web', { controller: 'CODE_DEPLOY' });
    await expect(services().restart(WEB)).rejects.toMatchObject({
      code: 'SERVICE_NOT_RESTARTABLE',
      message:
        'UpdateService of ECS service dify/web failed: its deployments are not made by ECS itself but by CodeDeploy or another controller (InvalidParameterException). Deploy it there, take ecsService out of lib/environments.ts and restart it by a rule for the event Amplitude Key Rotated.',
    });
  });

  it('of a service that is being deleted is of none', async () => {
    aws.ecs.seedService('dify/web', { status: 'DRAINING' });
    await expect(services().restart(WEB)).rejects.toMatchObject({ code: 'SERVICE_NOT_FOUND' });
  });
});

describe('the deployments of a service since some time', () => {
  it('are told newest first, with none that began before', async () => {
    for (const minutes of [0, 10, 10]) {
      aws.clock.advance(minutes * MINUTE);
      aws.ecs.deploy('dify/web');
    }
    const found = await services().deploymentsSince(WEB, new Date(NOW.getTime() + MINUTE));
    expect(found.map(({ createdAt }) => +createdAt - +NOW)).toEqual([20 * MINUTE, 10 * MINUTE]);
  });

  it('are all of them, page after page', async () => {
    for (let count = 0; count < 250; count += 1) aws.ecs.deploy('dify/web');
    expect(await services().deploymentsSince(WEB, before)).toHaveLength(250);
    expect(calls()).toEqual(Array(3).fill('ListServiceDeployments'));
  });

  it.each([
    ['PENDING', 'running'],
    ['IN_PROGRESS', 'running'],
    ['SUCCESSFUL', 'successful'],
    ['STOP_REQUESTED', 'failed'],
    ['STOPPED', 'failed'],
    ['ROLLBACK_REQUESTED', 'failed'],
    ['ROLLBACK_IN_PROGRESS', 'failed'],
    ['ROLLBACK_SUCCESSFUL', 'failed'],
    ['ROLLBACK_FAILED', 'failed'],
    ['A_STATUS_OF_TOMORROW', 'running'],
  ])('are, with the status %s, %s', async (status, progress) => {
    const told = await progressOf({ status, createdAt: NOW });
    expect(told).toEqual({ createdAt: NOW, progress, told: status });
  });

  it('count as running since then where neither is told', async () => {
    const told = await progressOf({});
    expect(told).toEqual({ createdAt: before, progress: 'running', told: 'PENDING' });
    expect(await answering({}).deploymentsSince(WEB, before)).toEqual([]);
  });

  it("tell ECS's own reason", async () => {
    aws.ecs.setOutcome('dify/web', 'rolled back');
    await services().restart(WEB);
    aws.clock.advance(10 * MINUTE);
    const [found] = await services().deploymentsSince(WEB, before);
    expect(found?.told).toBe(
      'ROLLBACK_SUCCESSFUL: Service deployment rolled back because the circuit breaker threshold was exceeded.',
    );
  });

  it.each([
    ['a key', `env ${KEY} wrong`, 'STOPPED: env [redacted] wrong'],
    ['a key at the end of what is told', `${'x'.repeat(180)} ${KEY}`, undefined],
    ['a key behind many that are redacted', `${`${KEY} `.repeat(20)}`, undefined],
    ['half a digest', `${'x'.repeat(150)} ${'a'.repeat(64)}`, undefined],
    ['line breaks and more than ASCII', 'one\r\ntwo · three', 'STOPPED: one two three'],
    ['more than fits into a notice', 'x'.repeat(9_000), `STOPPED: ${'x'.repeat(191)}`],
  ])('tell of a reason with %s what may be told', async (_, statusReason, told) => {
    const found = await progressOf({ status: 'STOPPED', statusReason, createdAt: NOW });
    if (told) expect(found?.told).toBe(told);
    expect(found?.told).not.toMatch(/[0-9a-f]{10}/);
    expect(found?.told).toMatch(/^[ -~]{1,210}$/);
  });
});

describe('the running tasks of a service', () => {
  it('are told by when they were created, however many they are', async () => {
    aws.ecs.seedService('dify/web', { desiredCount: 250 });
    expect(await services().tasks(WEB)).toEqual(Array(250).fill({ createdAt: NOW, runs: true }));
    expect(calls()).toEqual([...Array(3).fill('ListTasks'), ...Array(3).fill('DescribeTasks')]);
  });

  it('are none where it is scaled to zero, which takes one call', async () => {
    aws.ecs.seedService('dify/web', { desiredCount: 0 });
    expect(await services().tasks(WEB)).toEqual([]);
    expect(calls()).toEqual(['ListTasks']);
  });

  it('are not those that are being provisioned, which read the key later', async () => {
    await services().restart(WEB);
    aws.clock.advance(10_000);
    expect(aws.ecs.tasksOf('dify/web')).toHaveLength(2);
    expect(await services().tasks(WEB)).toEqual([{ createdAt: NOW, runs: true }]);
  });

  it('are told apart from those that have not started', async () => {
    aws.ecs.seedService('dify/web', { minimumHealthyPercent: 0, outcome: 'never steady' });
    await services().restart(WEB);
    aws.clock.advance(MINUTE);
    expect(await services().tasks(WEB)).toMatchObject([{ runs: false }]);
  });

  it('are not those that have stopped since they were listed', async () => {
    aws.onCall = ({ command }) => {
      if (command === 'DescribeTasks') aws.ecs.seedService('dify/web', { desiredCount: 0 });
    };
    expect(await services().tasks(WEB)).toEqual([]);
    expect(calls()).toEqual(['ListTasks', 'DescribeTasks']);
  });

  it('are none where the answer tells none', async () => {
    expect(await answering({}).tasks(WEB)).toEqual([]);
    expect(await answering({ taskArns: ['arn'] }).tasks(WEB)).toEqual([]);
  });
});

describe('a call of ECS that fails', () => {
  const asked = [
    ['UpdateService', () => services().restart(WEB)],
    ['ListServiceDeployments', () => services().deploymentsSince(WEB, before)],
    ['ListTasks', () => services().tasks(WEB)],
    ['DescribeTasks', () => services().tasks(WEB)],
  ] as const;
  const failures: readonly (readonly [Failure, string])[] = [
    ['throttled', 'THROTTLED'],
    ['access-denied', 'ACCESS_DENIED'],
    ['timeout', 'AWS_CALL_FAILED'],
    [{ name: 'ServiceNotFoundException' }, 'SERVICE_NOT_FOUND'],
    [{ name: 'ServiceNotActiveException' }, 'SERVICE_NOT_FOUND'],
    [{ name: 'ClusterNotFoundException' }, 'SERVICE_NOT_FOUND'],
    [{ name: 'InvalidParameterException', message: `of ${KEY}` }, 'AWS_CALL_FAILED'],
    [{ name: 'UnsupportedFeatureException' }, 'AWS_CALL_FAILED'],
    [{ name: 'ServerException', httpStatus: 500 }, 'AWS_CALL_FAILED'],
  ];

  it.each(asked)('is told with its name and its service: %s', async (call, ask) => {
    for (const [error, code] of failures) {
      aws.faults.fail(call, { error });
      const told = await ask().catch((thrown: unknown) => thrown);
      expect(told).toMatchObject({ code, fields: { call } });
      expect((told as Error).message).toContain(`${call} of ECS service dify/web failed`);
      expect((told as Error).message).not.toContain(KEY);
    }
    expect(aws.faults.pending).toEqual([]);
  });

  it('on a later page fails the whole question', async () => {
    aws.ecs.seedService('dify/web', { desiredCount: 150 });
    aws.faults.fail('ListTasks', { error: 'throttled', nth: 2 });
    await expect(services().tasks(WEB)).rejects.toMatchObject({ code: 'THROTTLED' });
    aws.faults.fail('DescribeTasks', { error: 'throttled', nth: 2 });
    await expect(services().tasks(WEB)).rejects.toMatchObject({ code: 'THROTTLED' });
  });
});
