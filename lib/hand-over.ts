import { handOverNote, keyRotatedEvent } from '../lambda/contract.ts';
import { acknowledgeListTasks, acknowledgeTasks } from './acknowledgements.ts';
import type { EnvironmentConfig } from './config.ts';
import { defaultEventBusArn, ecsArns, onlyTags, secretArns } from './resource-names.ts';
import type { WorkerFunction } from './worker-function.ts';

/** Where consumers of some key are handed the next one by a restart. */
const servicesOf = ({ keys }: EnvironmentConfig) =>
  keys.flatMap(({ consumers }) => consumers).flatMap(({ ecsService }) => ecsService ?? []);

/** Which the configuration names, and no other. */
export function allowRestarts(worker: WorkerFunction, environment: EnvironmentConfig) {
  const services = new Set(servicesOf(environment).map(ecsArns.service));
  if (services.size === 0) return;
  worker.allow(['ecs:ListServiceDeployments', 'ecs:UpdateService'], [...services]);
}

/**
 * How far these are with a key. ListTasks knows container instances and no services: as AWS has it,
 * the cluster bounds it.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security_iam_id-based-policy-examples.html#IAM_task_policies
 */
export function allowWatching(worker: WorkerFunction, environment: EnvironmentConfig) {
  const services = servicesOf(environment);
  const clusters = [...new Set(services.map(({ cluster }) => cluster))];
  if (clusters.length === 0) return;
  worker.allow(['ecs:ListServiceDeployments'], [...new Set(services.map(ecsArns.service))]);
  worker.allow(['ecs:ListTasks'], ['*'], {
    ArnEquals: { 'ecs:cluster': clusters.map(ecsArns.cluster) },
  });
  worker.allow(['ecs:DescribeTasks'], clusters.map(ecsArns.tasks));
  acknowledgeListTasks(worker.permissions);
  for (const cluster of clusters) acknowledgeTasks(worker.permissions, cluster);
}

/** The one event and no other, on the account's default bus. */
export function allowAnnouncing(
  worker: WorkerFunction,
  event: { readonly source: string; readonly detailType: string } = keyRotatedEvent,
) {
  worker.allow(['events:PutEvents'], [defaultEventBusArn()], {
    StringEquals: { 'events:source': event.source, 'events:detail-type': event.detailType },
  });
}

/** What the sweep finds there when a restart or an event has failed. */
export function allowNotes(worker: WorkerFunction, environment: EnvironmentConfig) {
  const restarts = servicesOf(environment).length > 0;
  const notes = restarts ? [handOverNote.handOver] : [];
  const tags = onlyTags(...notes, handOverNote.unannounced);
  worker.allow(['secretsmanager:TagResource'], [secretArns(environment.name)], tags);
}
