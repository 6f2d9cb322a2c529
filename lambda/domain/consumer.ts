import { tag } from '../contract.ts';

/** An ECS service of the stack's own account and Region. */
export interface EcsService {
  readonly cluster: string;
  readonly service: string;
}

/** Who may read a key, by a grant of the configuration. */
export interface Consumer {
  /** ARN of a role or user, or `PrincipalTag/team=web`: whoever has that tag. */
  readonly principal: string;
  /** When the grant ends. @default never */
  readonly expires?: Date;
  /** What gets the next key by a restart. @default it reads the key again by itself */
  readonly service?: EcsService;
}

/** ARNs alone: CloudTrail tells no tags of a principal. */
export const arnsOf = (consumers: readonly Consumer[]): string[] =>
  consumers.map(({ principal }) => principal).filter((principal) => principal.startsWith('arn:'));

/** A secret has at most 50 tags. */
const MOST_CONSUMERS = 50;

/** In the order of the configuration. What can't be read of a tag counts as not written. */
export function consumersIn(tags: ReadonlyMap<string, string>): Consumer[] {
  const numbers = Array.from({ length: MOST_CONSUMERS }, (_, index) => index + 1);
  return numbers.flatMap((number) => {
    const principal = tags.get(tag.consumer(number));
    if (principal === undefined) return [];
    const expires = dateIn(tags.get(tag.consumerExpires(number)));
    const service = serviceIn(tags.get(tag.consumerEcs(number)));
    return [{ principal, ...(expires ? { expires } : {}), ...(service ? { service } : {}) }];
  });
}

function dateIn(text: string | undefined): Date | undefined {
  const date = new Date(text ?? '');
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function serviceIn(text = ''): EcsService | undefined {
  const [, cluster, service] = /^([\w-]+)\/([\w-]+)$/.exec(text) ?? [];
  return cluster && service ? { cluster, service } : undefined;
}
