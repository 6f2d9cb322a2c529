import type { Operations } from '../../aws/fakes/operation.ts';
import type { World } from '../../lambda/world.ts';

export const SECRET = 'amplitude/dev/web';
type Input = Readonly<Record<string, unknown>>;

/** Lets a service be told something else. */
function changeCalls(operations: Operations, command: string, change: (input: Input) => Input) {
  const known = operations[command];
  if (!known) throw new Error(`There is no ${command}.`);
  const run = (input: Input) => known.run(change(input) as never);
  Object.assign(operations, { [command]: { ...known, run } });
}

/** Lets a service do something else where it is told to. */
export function spoilCalls(
  operations: Operations,
  command: string,
  isLost: (input: Input) => boolean,
) {
  const known = operations[command];
  if (!known) throw new Error(`There is no ${command}.`);
  const run = (input: never) => (isLost(input) ? {} : known.run(input));
  Object.assign(operations, { [command]: { ...known, run } });
}

/** Secrets Manager that moves a label from wherever it is, whatever the caller knew. */
export function ignoreFrom({ aws }: World) {
  const { operations } = aws.secretsManager;
  changeCalls(operations, 'UpdateSecretVersionStage', (input) => ({
    ...input,
    RemoveFromVersionId: aws.secretsManager.holderOf(SECRET, String(input.VersionStage)),
  }));
}

/** A sweep that can't remember that it asked for Revoke. */
export function forgetAsked({ aws }: World) {
  changeCalls(aws.secretsManager.operations, 'TagResource', (input) => ({
    ...input,
    Tags: JSON.parse(JSON.stringify(input.Tags).replaceAll('asked=yes', 'asked=no')),
  }));
}

/** The same message, three times. */
export function sendThrice({ aws }: World) {
  const { operations } = aws.sns;
  const once = operations.Publish;
  if (!once) throw new Error('There is no Publish.');
  const run = async (input: never) => {
    await once.run(input);
    await once.run(input);
    return once.run(input);
  };
  Object.assign(operations, { Publish: { ...once, run } });
}
