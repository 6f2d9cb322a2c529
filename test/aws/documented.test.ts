import { beforeEach, describe, it } from 'vitest';
import { rows as logEvents } from './documented/log-events.ts';
import { rows as secretsAndKeys } from './documented/secrets-and-keys.ts';
import type { Stage } from './documented/stage.ts';
import { FakeAws } from './fakes/fake-aws.ts';

let stage: Stage;

beforeEach(() => {
  const aws = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') });
  stage = {
    ...aws.clients,
    async freshSecret() {
      aws.secretsManager.seedSecret({ name: 'amplitude/dev/web' });
      return 'amplitude/dev/web';
    },
    freshKey: async () => aws.kms.seedKey({ rotationDays: 365 }),
    async freshGroup() {
      aws.logs.seedGroup('/amplitude/dev/trail');
      return '/amplitude/dev/trail';
    },
    now: () => aws.clock.now(),
  };
});

describe("the fakes answer as AWS's reference says", () => {
  it.each([...logEvents, ...secretsAndKeys])('$title', ({ run }) => run(stage));
});
