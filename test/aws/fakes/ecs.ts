import {
  ClusterNotFoundException,
  type DescribeTasksRequest,
  InvalidParameterException,
  type ListServiceDeploymentsRequest,
  type ListTasksRequest,
  ServiceNotActiveException,
  ServiceNotFoundException,
  type UpdateServiceRequest,
} from '@aws-sdk/client-ecs';
import type { Clock } from './clock.ts';
import { EcsService, type Outcome, type ServiceSeed } from './ecs-service.ts';
import { raise } from './errors.ts';
import { defined, type Operations, operation } from './operation.ts';
import { page } from './paging.ts';
import type { FakeService } from './pipeline.ts';
import type { Place } from './place.ts';

/** What of ECS a restart needs. A service is named `cluster/service`. */
export class FakeEcs implements FakeService {
  readonly name = 'ecs';
  readonly operations: Operations;
  readonly #clock: Clock;
  readonly #place: Place;
  readonly #clusters = new Map<string, Map<string, EcsService>>();

  constructor(clock: Clock, place: Place) {
    this.#clock = clock;
    this.#place = place;
    this.operations = {
      ListServiceDeployments: operation<ListServiceDeploymentsRequest, 'service'>(
        ['service'],
        ['cluster', 'createdAt', 'nextToken', 'maxResults'],
        (input) => this.#listDeployments(input),
      ),
      UpdateService: operation<UpdateServiceRequest, 'service' | 'forceNewDeployment'>(
        ['service', 'forceNewDeployment'],
        ['cluster'],
        ({ cluster, service }) => this.#update(cluster, service),
      ),
      ListTasks: operation<ListTasksRequest, 'serviceName' | 'desiredStatus'>(
        ['serviceName', 'desiredStatus'],
        ['cluster', 'nextToken', 'maxResults'],
        (input) => this.#listTasks(input),
      ),
      DescribeTasks: operation<DescribeTasksRequest, 'tasks'>(['tasks'], ['cluster'], (input) =>
        this.#describeTasks(input),
      ),
    };
  }

  /** Its tasks are created now. */
  seedService(path: string, seed: ServiceSeed = {}): void {
    const [cluster = '', service = ''] = path.split('/');
    const services = this.#clusters.get(cluster) ?? new Map<string, EcsService>();
    this.#clusters.set(cluster, services.set(service, new EcsService(path, this.#now, seed)));
  }

  removeService(path: string): void {
    const [cluster = '', service = ''] = path.split('/');
    this.#clusters.get(cluster)?.delete(service);
  }

  /** Of the deployments that begin from now on. */
  setOutcome(path: string, outcome: Outcome): void {
    this.#at(path).outcome = outcome;
  }

  /** As anybody else deploys it. */
  deploy(path: string): void {
    this.#at(path).deploy(this.#now);
  }

  deploymentsOf(path: string) {
    return this.#at(path).deployments(this.#now);
  }

  tasksOf(path: string) {
    return this.#at(path).tasks(this.#now);
  }

  get #now(): Date {
    return this.#clock.now();
  }

  #at(path: string): EcsService {
    const [cluster, service = ''] = path.split('/');
    return this.#find(cluster, service);
  }

  #find(cluster: string | undefined, service: string): EcsService {
    const services = this.#services(cluster);
    const found = services.get(this.#nameIn(service, 'service'));
    return found ?? raise(ServiceNotFoundException, 'Service not found.');
  }

  /** The cluster `default` unless one is named. */
  #services(cluster = 'default'): ReadonlyMap<string, EcsService> {
    const services = this.#clusters.get(this.#nameIn(cluster, 'cluster'));
    return services ?? raise(ClusterNotFoundException, 'Cluster not found.');
  }

  /** Of a short name or an ARN of this account and Region. */
  #nameIn(nameOrArn: string, kind: 'service' | 'cluster'): string {
    const prefix = this.#arn(`${kind}/`);
    return nameOrArn.startsWith(prefix) ? (nameOrArn.split('/').at(-1) ?? '') : nameOrArn;
  }

  #arn(resource: string): string {
    const { region, account } = this.#place;
    return `arn:aws:ecs:${region}:${account}:${resource}`;
  }

  #listDeployments(input: ListServiceDeploymentsRequest & { service: string }) {
    const { cluster = 'default', service, createdAt = {}, nextToken, maxResults } = input;
    const { after = new Date(0), before = this.#now } = createdAt;
    const found = this.#find(cluster, service)
      .deployments(this.#now)
      .filter((one) => one.createdAt > after && one.createdAt <= before);
    const { items, NextToken } = pageOf(found, nextToken, maxResults ?? 20);
    const serviceDeployments = items.map(({ id, ...told }) => ({
      serviceDeploymentArn: this.#arn(`service-deployment/${cluster}/${service}/${id}`),
      serviceArn: this.#arn(`service/${cluster}/${service}`),
      clusterArn: this.#arn(`cluster/${cluster}`),
      ...told,
    }));
    return defined({ serviceDeployments, nextToken: NextToken });
  }

  #update(cluster = 'default', name: string) {
    const service = this.#find(cluster, name);
    const { status, controller } = service;
    if (status !== 'ACTIVE') raise(ServiceNotActiveException, 'Service was not ACTIVE.');
    if (controller !== 'ECS') {
      const message = `Cannot force a new deployment on services with a ${controller} deployment controller. Use AWS CodeDeploy to trigger a new deployment.`;
      raise(InvalidParameterException, message);
    }
    service.deploy(this.#now);
    const serviceArn = this.#arn(`service/${cluster}/${name}`);
    return { service: { serviceArn, serviceName: name, status } };
  }

  #listTasks(input: ListTasksRequest & { serviceName: string }) {
    const { cluster = 'default', serviceName, desiredStatus, nextToken, maxResults } = input;
    if (desiredStatus !== 'RUNNING') throw new Error('The fake ECS lists RUNNING tasks only.');
    const tasks = this.#find(cluster, serviceName).tasks(this.#now);
    const { items, NextToken } = pageOf(tasks, nextToken, maxResults ?? 100);
    const taskArns = items.map(({ id }) => this.#arn(`task/${cluster}/${id}`));
    return defined({ taskArns, nextToken: NextToken });
  }

  /** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html */
  #describeTasks({ cluster = 'default', tasks }: DescribeTasksRequest & { tasks: string[] }) {
    if (tasks.length === 0) raise(InvalidParameterException, 'Tasks cannot be empty.');
    if (tasks.length > 100) {
      raise(InvalidParameterException, 'Number of tasks cannot be greater than 100.');
    }
    const services = [...this.#services(cluster).values()];
    const all = services.flatMap((service) => service.tasks(this.#now));
    const known = new Map(all.map((task) => [this.#arn(`task/${cluster}/${task.id}`), task]));
    return {
      tasks: tasks.flatMap((taskArn) => {
        const { createdAt, fails = false } = known.get(taskArn) ?? {};
        const lastStatus = !createdAt ? 'PROVISIONING' : fails ? 'PENDING' : 'RUNNING';
        const task = { taskArn, desiredStatus: 'RUNNING', lastStatus, createdAt };
        return known.has(taskArn) ? [defined(task)] : [];
      }),
      failures: tasks
        .filter((taskArn) => !known.has(taskArn))
        .map((arn) => ({ arn, reason: 'MISSING' })),
    };
  }
}

function pageOf<Item>(all: readonly Item[], token: string | undefined, size: number) {
  if (size < 1 || size > 100) {
    raise(InvalidParameterException, 'maxResults must be between 1 and 100.');
  }
  return page(all, size, token, () => raise(InvalidParameterException, 'Invalid token.'));
}
