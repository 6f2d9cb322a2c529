import type { Scene } from './scene.ts';

/** The staged keys, by the name of their parameter. */
export function stagedIn({ world: { aws } }: Pick<Scene, 'world'>): string[] {
  return aws.ssm.names().map((name) => JSON.parse(aws.ssm.valueOf(name) ?? '{}').key);
}
