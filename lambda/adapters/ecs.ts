import {
  DescribeTasksCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  type ServiceDeploymentBrief,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { EcsService } from '../domain/consumer.ts';
import { keyless } from '../domain/keyless.ts';
import type { ServiceDeployment, Services, ServiceTask } from '../domain/ports.ts';
import { awsFailure } from './aws-error.ts';

/** Most that ECS lists in a page, and describes in a call. */
const PAGE = 100;

export function ecsServices(client: ECSClient): Services {
  return {
    async deploymentsSince(service, since) {
      try {
        const briefs = await deploymentBriefs(client, service, since);
        const deployments = briefs.map((brief) => deploymentOf(brief, since));
        return deployments.toSorted((one, other) => +other.createdAt - +one.createdAt);
      } catch (error) {
        throw failure('ListServiceDeployments', service, error);
      }
    },
    async tasks(service) {
      const arns = await taskArns(client, service).catch((error: unknown) => {
        throw failure('ListTasks', service, error);
      });
      try {
        return await describeTasks(client, service, arns);
      } catch (error) {
        throw failure('DescribeTasks', service, error);
      }
    },
    async restart({ cluster, service }) {
      const input = { cluster, service, forceNewDeployment: true };
      try {
        await client.send(new UpdateServiceCommand(input));
      } catch (error) {
        throw failure('UpdateService', { cluster, service }, error);
      }
    },
  };
}

const failure = (call: string, { cluster, service }: EcsService, error: unknown) =>
  awsFailure(call, `ECS service ${cluster}/${service}`, error);

async function deploymentBriefs(
  client: ECSClient,
  { cluster, service }: EcsService,
  after: Date,
): Promise<ServiceDeploymentBrief[]> {
  const found: ServiceDeploymentBrief[] = [];
  let nextToken: string | undefined;
  do {
    const input = { cluster, service, createdAt: { after }, maxResults: PAGE };
    const page = { ...input, ...(nextToken ? { nextToken } : {}) };
    const answer = await client.send(new ListServiceDeploymentsCommand(page));
    found.push(...(answer.serviceDeployments ?? []));
    nextToken = answer.nextToken;
  } while (nextToken);
  return found;
}

/**
 * What is being stopped or rolled back has failed already. A status that isn't known is waited for.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeploymentBrief.html
 */
const PROGRESS = new Map<string, ServiceDeployment['progress']>([
  ['SUCCESSFUL', 'successful'],
  ['STOP_REQUESTED', 'failed'],
  ['STOPPED', 'failed'],
  ['ROLLBACK_REQUESTED', 'failed'],
  ['ROLLBACK_IN_PROGRESS', 'failed'],
  ['ROLLBACK_SUCCESSFUL', 'failed'],
  ['ROLLBACK_FAILED', 'failed'],
]);

/** Only what was created since is asked for, so one that doesn't tell its time is counted all the same. */
function deploymentOf(brief: ServiceDeploymentBrief, since: Date): ServiceDeployment {
  const { createdAt = since, status = 'PENDING', statusReason } = brief;
  const told = statusReason ? `${status}: ${statusReason}` : status;
  return { createdAt, progress: PROGRESS.get(status) ?? 'running', told: line(told) };
}

/** The reason is a text of others, which goes into notices. Cut short, a digest may look like a key. */
const line = (text: string) =>
  keyless(
    keyless(text)
      .replaceAll(/[^!-~]+/g, ' ')
      .slice(0, 200),
  );

async function taskArns(
  client: ECSClient,
  { cluster, service: serviceName }: EcsService,
): Promise<string[]> {
  const found: string[] = [];
  let nextToken: string | undefined;
  do {
    const input = { cluster, serviceName, desiredStatus: 'RUNNING' as const };
    const page = { ...input, ...(nextToken ? { nextToken } : {}) };
    const answer = await client.send(new ListTasksCommand(page));
    found.push(...(answer.taskArns ?? []));
    nextToken = answer.nextToken;
  } while (nextToken);
  return found;
}

/**
 * A task that is being provisioned has no such time yet: none of its containers runs, so it reads
 * the key later than now, and is left out. So is one that has stopped since it was listed.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
 */
async function describeTasks(
  client: ECSClient,
  { cluster }: EcsService,
  arns: readonly string[],
): Promise<ServiceTask[]> {
  const found: ServiceTask[] = [];
  for (let from = 0; from < arns.length; from += PAGE) {
    const tasks = arns.slice(from, from + PAGE);
    const answer = await client.send(new DescribeTasksCommand({ cluster, tasks }));
    found.push(
      ...(answer.tasks ?? []).flatMap(({ createdAt, lastStatus }) =>
        createdAt ? [{ createdAt, runs: lastStatus === 'RUNNING' }] : [],
      ),
    );
  }
  return found;
}
