import {
  consoleLogin,
  deniedRead,
  envelope,
  rawBatch,
  read,
  role,
} from '../../../aws/recorded/cloudtrail.ts';
import { createWorld } from '../../../lambda/world.ts';
import { ofJson } from '../inputs.ts';
import { untyped } from '../judge.ts';
import type { Parser } from '../parser.ts';

/** Where a caller may write one. */
const KEY = '1f0e9d8c'.repeat(4);

interface Judged {
  /** What was written down and sent. */
  readonly told: string;
  readonly error?: unknown;
}

/** Messages of the queue, each an event of EventBridge around a record that its caller wrote in part. */
export async function guardMessages(): Promise<Parser> {
  const world = await createWorld({ guard: { mostReads: 20 } });
  const parser = ofJson(
    [
      envelope(read({ versionStage: 'AWSCURRENT' })),
      envelope(deniedRead()),
      envelope(consoleLogin({ mfaUsed: 'No' })),
      envelope(read({ by: role('backend', KEY), with: `curl ${KEY}`, versionStage: KEY })),
      envelope(deniedRead({ secretId: `amplitude/dev/${KEY}`, from: KEY })),
    ],
    {
      name: 'messages of the access guard',
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
      limit: 262_144,
      boundMs: 1_000,
      climbs: { short: 1, long: 8 },
      runs: { short: 150, long: 2_000 },
      async parse(body): Promise<Judged> {
        world.printed.length = 0;
        world.aws.resetCalls();
        const { length: sent } = world.aws.sns.published;
        const told = () =>
          JSON.stringify([world.printed, world.aws.calls, world.aws.sns.published.slice(sent)]);
        try {
          const { batchItemFailures } = await world.guardHandler(rawBatch([body]));
          return { told: told(), ...(batchItemFailures.length > 0 ? { error: 'retried' } : {}) };
        } catch (error) {
          return { told: told(), error };
        }
      },
      // What can't be read can't be read later either: nothing of it may come again
      fault: (judged) => {
        const { error } = judged as Judged;
        return error === undefined ? undefined : (untyped(error) ?? 'it is refused');
      },
      told: (judged) => (judged as Judged).told,
    },
  );
  return { ...(parser as Parser), close: () => world.close() };
}
