import { describe, expect, it } from 'vitest';
import type { EcsService } from '../../../../lambda/domain/consumer.ts';
import { KeysError } from '../../../../lambda/domain/errors.ts';
import { type HandOverPorts, handOver } from '../../../../lambda/domain/hand-over/hand-over.ts';
import { serviceName } from '../../../../lambda/domain/hand-over/services.ts';
import { atRest, FP, NOW, seen, V } from '../lifecycle/seen.ts';

const consumers = ['web', 'worker', 'api'].map((service) => ({
  principal: `arn:aws:iam::111122223333:role/${service}`,
  service: { cluster: 'dify', service },
}));
const { facts } = seen(atRest({ managed: { consumers } }));
const promotion = {
  versionId: V.second,
  fingerprint: FP.second,
  by: 'rotation',
  moved: true,
} as const;

/** ECS takes so long for each restart, and fails with this error; who was restarted, in order. */
function ports(millisecondsEach: number, error?: unknown) {
  let time = NOW.getTime();
  const restarted: string[] = [];
  const failures: string[] = [];
  const made: HandOverPorts = {
    secrets: { remember: async () => {} },
    services: {
      deploymentsSince: async () => [],
      tasks: async () => [],
      restart: async (service: EcsService) => {
        time += millisecondsEach;
        restarted.push(serviceName(service));
        if (error) throw error;
      },
    },
    announcer: { announce: async () => {} },
    clock: { now: () => new Date(time) },
    journal: { note: () => {}, handOverFailed: ({ code }) => void failures.push(code) },
  };
  return { made, restarted, failures };
}

describe('handing a key over', () => {
  it('ends after seconds where ECS is slow, and leaves the rest to the sweep', async () => {
    const { made, restarted } = ports(3_000);
    const { done, later } = await handOver(made, facts, promotion);
    expect(restarted).toEqual(['dify/web', 'dify/worker']);
    expect(done).toHaveLength(2);
    expect(later).toEqual([
      'ECS service dify/api must wait for the hourly sweep: ECS answers too slowly.',
    ]);
  });

  it('goes on with the next service after one that fails, and alarms for each', async () => {
    const error = new KeysError('SERVICE_NOT_RESTARTABLE', 'CodeDeploy restarts it.');
    const { made, restarted, failures } = ports(0, error);
    const { done, later } = await handOver(made, facts, promotion);
    expect(restarted).toHaveLength(3);
    expect(failures).toEqual(Array(3).fill('SERVICE_NOT_RESTARTABLE'));
    expect(done).toEqual([]);
    expect(later[0]).toBe(
      'ECS service dify/web could not be restarted; the hourly sweep takes it up. CodeDeploy restarts it. (SERVICE_NOT_RESTARTABLE)',
    );
  });

  it('never throws, not even for a fault of its own', async () => {
    const { made, failures } = ports(0, new TypeError('undefined is not a function'));
    await handOver(made, facts, promotion);
    expect(failures).toEqual(Array(3).fill('UNEXPECTED'));
  });
});
