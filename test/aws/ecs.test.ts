import {
  DescribeTasksCommand,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeAws } from './fakes/fake-aws.ts';
import { refusal } from './recorded/row.ts';

const NOW = new Date('2026-11-24T00:00:00Z');
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const WEB = { cluster: 'dify', service: 'web' };
let aws: FakeAws;

beforeEach(() => {
  aws = new FakeAws({ now: NOW });
  aws.ecs.seedService('dify/web', { desiredCount: 2 });
});

const ecs = () => aws.clients.ecs;
const restart = (service = WEB) =>
  ecs().send(new UpdateServiceCommand({ ...service, forceNewDeployment: true }));
const deployments = async (more: object = {}) => {
  const answer = await ecs().send(new ListServiceDeploymentsCommand({ ...WEB, ...more }));
  return answer.serviceDeployments ?? [];
};
const statuses = async () => (await deployments()).map(({ status }) => status);
const listTasks = (more: object = {}) =>
  ecs().send(
    new ListTasksCommand({
      cluster: 'dify',
      serviceName: 'web',
      desiredStatus: 'RUNNING',
      ...more,
    }),
  );
const describeTasks = (tasks: string[]) =>
  ecs().send(new DescribeTasksCommand({ cluster: 'dify', tasks }));
async function created() {
  const { taskArns = [] } = await listTasks();
  const { tasks = [] } = await describeTasks(taskArns);
  return tasks.map(({ createdAt }) => createdAt && createdAt.getTime() - NOW.getTime());
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html */
describe('a new deployment that is forced', () => {
  it('replaces every task, the earlier ones only once it is steady', async () => {
    expect(await created()).toEqual([0, 0]);
    await restart();
    expect(await created()).toEqual([0, 0]);
    aws.clock.advance(10 * SECOND);
    expect(await created()).toEqual([0, 0, undefined, undefined]);
    aws.clock.advance(30 * SECOND);
    expect(await created()).toEqual([0, 0, 30 * SECOND, 30 * SECOND]);
    aws.clock.advance(2 * MINUTE);
    expect(await created()).toEqual([30 * SECOND, 30 * SECOND]);
  });

  it('takes the place of one that is under way', async () => {
    await restart();
    aws.clock.advance(MINUTE);
    await restart();
    expect(await statuses()).toEqual(['STOPPED', 'PENDING']);
    aws.clock.advance(3 * MINUTE);
    expect(await statuses()).toEqual(['STOPPED', 'SUCCESSFUL']);
    expect(await created()).toEqual([90 * SECOND, 90 * SECOND]);
  });

  it('may be asked for by names or by ARNs, in the cluster default unless one is named', async () => {
    aws.ecs.seedService('default/web');
    const arn = (kind: string) => `arn:aws:ecs:us-east-1:111122223333:${kind}`;
    await restart({ cluster: arn('cluster/dify'), service: arn('service/dify/web') });
    expect(aws.ecs.deploymentsOf('dify/web')).toHaveLength(1);
    await ecs().send(new UpdateServiceCommand({ service: 'web', forceNewDeployment: true }));
    expect(aws.ecs.deploymentsOf('default/web')).toHaveLength(1);
  });

  it.each([
    ['of a service that is not there', 'dify/api', undefined, 'ServiceNotFoundException'],
    ['in a cluster that is not there', 'other/web', undefined, 'ClusterNotFoundException'],
    ['of a service that drains', 'dify/gone', { status: 'DRAINING' }, 'ServiceNotActiveException'],
    ['of a deleted service', 'dify/gone', { status: 'INACTIVE' }, 'ServiceNotActiveException'],
  ] as const)('is refused %s', async (_, path, seed, name) => {
    if (seed) aws.ecs.seedService(path, seed);
    const [cluster = '', service = ''] = path.split('/');
    expect(await refusal(restart({ cluster, service }))).toMatchObject({ name });
  });

  // As its siblings end: https://github.com/hashicorp/terraform-provider-aws/issues/13473
  it('is refused where CodeDeploy makes the deployments', async () => {
    aws.ecs.seedService('dify/blue', { controller: 'CODE_DEPLOY' });
    expect(await refusal(restart({ cluster: 'dify', service: 'blue' }))).toEqual({
      name: 'InvalidParameterException',
      message:
        'Cannot force a new deployment on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.',
    });
  });
});

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServiceDeployments.html */
describe('the deployments of a service', () => {
  it('are pending, in progress and at last successful', async () => {
    await restart();
    const seen: (string | undefined)[] = [];
    for (const wait of [0, 10 * SECOND, 2 * MINUTE]) {
      aws.clock.advance(wait);
      seen.push(...(await statuses()));
    }
    expect(seen).toEqual(['PENDING', 'IN_PROGRESS', 'SUCCESSFUL']);
  });

  /** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html */
  it('are rolled back by the circuit breaker, whose reason is told, and leave the earlier tasks', async () => {
    aws.ecs.setOutcome('dify/web', 'rolled back');
    await restart();
    aws.clock.advance(6 * MINUTE);
    const [deployment] = await deployments();
    expect(deployment).toMatchObject({
      status: 'ROLLBACK_IN_PROGRESS',
      statusReason: expect.stringContaining('circuit breaker'),
    });
    aws.clock.advance(2 * MINUTE);
    expect(await statuses()).toEqual(['ROLLBACK_SUCCESSFUL']);
    expect(await created()).toEqual([0, 0]);
  });

  it('without a circuit breaker never end while their tasks keep failing', async () => {
    aws.ecs.setOutcome('dify/web', 'never steady');
    await restart();
    aws.clock.advance(5 * 60 * MINUTE);
    expect(await statuses()).toEqual(['IN_PROGRESS']);
    expect((await created()).slice(0, 2)).toEqual([0, 0]);
    const failing = (await created()).slice(2);
    expect(Math.min(...failing.map(Number))).toBeGreaterThan(4 * 60 * MINUTE);
  });

  it('stop the earlier tasks first where none has to be healthy', async () => {
    aws.ecs.seedService('dify/web', { minimumHealthyPercent: 0, outcome: 'rolled back' });
    await restart();
    expect((await listTasks()).taskArns).toEqual([]);
    aws.clock.advance(MINUTE);
    const { taskArns = [] } = await listTasks();
    expect((await describeTasks(taskArns)).tasks).toMatchObject([{ lastStatus: 'PENDING' }]);
    aws.clock.advance(10 * MINUTE);
    expect(await created()).toEqual([7 * MINUTE]);
  });

  it('may be asked for by the time that they were created after', async () => {
    await restart();
    aws.clock.advance(5 * MINUTE);
    expect(await deployments({ createdAt: { after: NOW } })).toHaveLength(0);
    expect(await deployments({ createdAt: { after: new Date(NOW.getTime() - 1) } })).toHaveLength(
      1,
    );
  });

  it('come 20 a page unless more are asked for, and at most 100', async () => {
    for (let count = 0; count < 120; count += 1) aws.ecs.deploy('dify/web');
    const sizes = [];
    for (const maxResults of [undefined, 100]) {
      sizes.push((await deployments(maxResults ? { maxResults } : {})).length);
    }
    expect(sizes).toEqual([20, 100]);
    for (const wrong of [{ maxResults: 101 }, { nextToken: 'made up' }]) {
      expect((await refusal(deployments(wrong))).name).toBe('InvalidParameterException');
    }
  });
});

/**
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
 */
describe('the tasks of a service', () => {
  it('come 100 a page, and are described 100 a call', async () => {
    aws.ecs.seedService('dify/web', { desiredCount: 150 });
    const { taskArns: first = [], nextToken } = await listTasks();
    const { taskArns: rest = [], nextToken: end } = await listTasks({ nextToken });
    expect([first.length, rest.length, end]).toEqual([100, 50, undefined]);
    expect(first[0]).toMatch(/^arn:aws:ecs:us-east-1:111122223333:task\/dify\/\w+$/);
    expect((await describeTasks(first)).tasks).toHaveLength(100);
    for (const some of [[], [...first, ...rest]]) {
      expect((await refusal(describeTasks(some))).name).toBe('InvalidParameterException');
    }
  });

  /** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html */
  it('that are gone are told as failures of an answer that is no error', async () => {
    const { taskArns: [arn = ''] = [] } = await listTasks();
    aws.ecs.removeService('dify/web');
    expect(await describeTasks([arn])).toMatchObject({
      tasks: [],
      failures: [{ arn, reason: 'MISSING' }],
    });
  });

  it('are those that shall run, of none where it is scaled to zero or deleted', async () => {
    aws.ecs.seedService('dify/idle', { desiredCount: 0 });
    aws.ecs.seedService('dify/gone', { status: 'INACTIVE' });
    for (const serviceName of ['idle', 'gone']) {
      expect((await listTasks({ serviceName })).taskArns).toEqual([]);
    }
  });

  it('can not be listed where there is no such service', async () => {
    const { name } = await refusal(listTasks({ serviceName: 'api' }));
    expect(name).toBe('ServiceNotFoundException');
  });
});

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html */
describe('the rates of ECS', () => {
  it.each([
    ['restarts', () => restart(), 50, 5],
    ['lists of deployments', () => deployments(), 50, 20],
    ['lists of tasks', () => listTasks(), 100, 20],
  ] as const)('let so many %s through at once, and so many a second after', async (...row) => {
    const [, call, burst, perSecond] = row;
    aws.limits.enable();
    const taken = async () => {
      for (let count = 0; ; count += 1) {
        const { name } = await refusal(call());
        if (name !== 'no error') return { name, count };
      }
    };
    expect(await taken()).toEqual({ name: 'ThrottlingException', count: burst });
    aws.clock.advance(SECOND);
    expect(await taken()).toEqual({ name: 'ThrottlingException', count: perSecond });
  });

  it('are one for lists and descriptions of tasks together', async () => {
    const { taskArns = [] } = await listTasks();
    aws.limits.enable();
    for (let count = 0; count < 100; count += 1) await listTasks();
    expect((await refusal(describeTasks(taskArns))).name).toBe('ThrottlingException');
  });
});
