import { tag } from '../../contract.ts';
import type { Consumer, EcsService } from '../consumer.ts';
import { note } from '../lifecycle/notes.ts';
import type { ManagedKey } from '../managed-key.ts';
import type { SecretDescription } from '../versions.ts';

/** `cluster/service` */
export const serviceName = ({ cluster, service }: EcsService) => `${cluster}/${service}`;

/** Each once. A consumer whose grant is over couldn't read the key when it starts again. */
export function servicesOf(
  { consumers }: Pick<ManagedKey, 'consumers'>,
  now: Date,
): readonly EcsService[] {
  const services = consumers
    .filter((consumer) => isGranted(consumer, now))
    .flatMap(({ service }) => service ?? []);
  return [...new Map(services.map((service) => [serviceName(service), service])).values()];
}

export const isGranted = ({ expires }: Consumer, now: Date) =>
  expires === undefined || expires > now;

/** Locked down, or to be: what starts now couldn't read the key. */
export const isLocked = ({ tags }: Pick<SecretDescription, 'tags'>) =>
  tags.get(tag.lockdown) === 'on' || tags.has(note.lockdown);

/** `ECS service dify/web`, `ECS services dify/web and dify/worker` */
export function named(services: readonly EcsService[]): string {
  const names = services.map(serviceName);
  const last = names.pop() ?? '';
  return names.length === 0
    ? `ECS service ${last}`
    : `ECS services ${names.join(', ')} and ${last}`;
}

/** What a person types, of `cluster/service`. */
export function deployCommand(name: string): string {
  const [cluster, service] = name.split('/');
  return `aws ecs update-service --cluster ${cluster} --service ${service} --force-new-deployment`;
}
