import { beforeEach, describe, expect, it } from 'vitest';
import { tag } from '../../../../lambda/contract.ts';
import { release } from '../../../../lambda/domain/quarantine/change.ts';
import { idOf } from '../../../../lambda/domain/quarantine/quarantine.ts';
import type { FakeAws } from '../../../aws/fakes/fake-aws.ts';
import { ADDRESS, fakeWith, INTERN, keeping, LAPTOP } from '../../quarantined.ts';

const SERVER = ['web', 'server', 'mobile'];
const [first, second] = [tag.quarantine(1), tag.quarantine(2)];
const session = { session: LAPTOP };
const role = { principal: INTERN, address: ADDRESS };

let aws: FakeAws;
let kept: ReturnType<typeof keeping>;
beforeEach(() => {
  aws = fakeWith(SERVER);
  kept = keeping(aws);
});

const tagsOfAll = () => SERVER.map((key) => kept.tagsOf(key));
const everywhere = (tags: object) => SERVER.map(() => tags);
/** Once, before the call of this number and name has its effect. */
function meanwhile(command: string, nth: number, work: () => Promise<unknown>) {
  let seen = 0;
  aws.onCall = async (call) => {
    if (call.command !== command) return;
    seen += 1;
    if (seen === nth) await work();
  };
}
const callsTo = (command: string) => aws.calls.filter((call) => call.command === command);

describe('what is desired', () => {
  it('is on every secret by one call each, and off it by another', async () => {
    await kept.add(role);
    aws.resetCalls();
    expect(await kept.apply(SERVER, [1])).toEqual(new Map());
    expect(tagsOfAll()).toEqual(everywhere({ [first]: `denied ${INTERN} ${ADDRESS} denied` }));
    await release(kept.ports, idOf(role), aws.clock.now());
    expect(await kept.apply(SERVER, [1])).toEqual(new Map());
    expect(tagsOfAll()).toEqual(everywhere({}));
    expect([callsTo('TagResource').length, callsTo('UntagResource').length]).toEqual([3, 3]);
  });

  it('leaves the tags of others alone', async () => {
    await kept.add(role);
    const secretId = 'amplitude/dev/web';
    await kept.ports.quarantineTags.change(
      secretId,
      { [second]: 'denied x denied', team: 'a' },
      [],
    );
    await kept.apply(['web'], [1]);
    expect(aws.secretsManager.tagsOf(secretId)).toMatchObject({
      [second]: 'denied x denied',
      team: 'a',
    });
    await kept.apply(['web']);
    expect(kept.tagsOf()).toEqual({ [first]: `denied ${INTERN} ${ADDRESS} denied` });
  });

  it('is applied by the next call where the one before died, before or after it took effect', async () => {
    await kept.add(role);
    for (const when of ['before', 'after'] as const) {
      for (const nth of [1, 2, 3]) {
        aws.faults.fail('TagResource', { error: 'timeout', when, nth });
        expect([...(await kept.apply(SERVER, [1])).keys()]).toHaveLength(1);
        expect(aws.faults.pending).toEqual([]);
        expect(await kept.apply(SERVER, [1])).toEqual(new Map());
        expect(tagsOfAll()).toEqual(everywhere({ [first]: `denied ${INTERN} ${ADDRESS} denied` }));
        await kept.ports.quarantineTags.change('amplitude/dev/server', {}, [first]);
      }
    }
  });

  it('is on the other secrets where one has no room for a tag, or is throttled', async () => {
    const full = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`t${at}`, 'x']));
    await kept.ports.quarantineTags.change('amplitude/dev/web', full, []);
    aws.faults.fail('TagResource', {
      error: 'throttled',
      where: ({ SecretId }) => SecretId === 'amplitude/dev/server',
    });
    await kept.add(role);
    const failures = await kept.apply(SERVER, [1]);
    expect([...failures].map(([key, { code }]) => [key, code]).sort()).toEqual([
      ['server', 'THROTTLED'],
      ['web', 'AWS_CALL_FAILED'],
    ]);
    expect(kept.tagsOf('mobile')).toEqual({ [first]: `denied ${INTERN} ${ADDRESS} denied` });
  });

  it('fails on no secret that is gone: nobody reads it', async () => {
    await kept.add(role);
    expect(await kept.apply(['web', 'deleted'], [1])).toEqual(new Map());
    expect(kept.tagsOf()).not.toEqual({});
  });

  it.each([1, 2])('fails on all when the table gives no answer at question %i', async (nth) => {
    await kept.add(role);
    aws.faults.fail('GetItem', { error: 'throttled', nth });
    const failures = await kept.apply(SERVER, [1]);
    expect([...failures.keys()]).toEqual(SERVER);
    expect(failures.get('web')?.code).toBe('THROTTLED');
  });

  it('stays below what Secrets Manager takes in a second', async () => {
    const keys = Array.from({ length: 100 }, (_, at) => `key-${at}`);
    aws = fakeWith(keys);
    kept = keeping(aws);
    await kept.add(role);
    aws.limits.enable();
    aws.takeTime(40);
    expect(await kept.apply(keys, [1])).toEqual(new Map());
    expect(aws.mostInFlight).toBe(2);
  });
});

describe('two at once', () => {
  it('of which the later change is tagged first end as the table has it', async () => {
    await kept.add(role);
    // While the first has read what is desired, and tagged nothing yet
    meanwhile('TagResource', 1, async () => {
      await kept.add(session);
      await kept.apply(SERVER, [1]);
    });
    expect(await kept.apply(SERVER, [1])).toEqual(new Map());
    expect(tagsOfAll()).toEqual(
      everywhere({ [first]: `denied ${INTERN} ${ADDRESS} ${LAPTOP} denied` }),
    );
  });

  it('deny and release: what was released is denied by nobody who was late', async () => {
    await kept.add(role);
    meanwhile('TagResource', 2, async () => {
      await release(kept.ports, idOf(role), aws.clock.now());
      await kept.apply(SERVER, [1]);
    });
    expect(await kept.apply(SERVER, [1])).toEqual(new Map());
    expect(tagsOfAll()).toEqual(everywhere({}));
  });

  it('are not tagged again for a change of another tag, nor for an announcement', async () => {
    await kept.add({ principal: `arn:aws:iam::111122223333:role/${'r'.repeat(200)}` });
    meanwhile('TagResource', 1, () => kept.add(role));
    aws.resetCalls();
    await kept.apply(SERVER, [1]);
    expect(callsTo('TagResource')).toHaveLength(3);
    expect(Object.keys(kept.tagsOf())).toEqual([first]);
  });

  it('end, whatever others change all the time, and the sweep sees to it', async () => {
    await kept.add(role);
    let number = 0;
    aws.onCall = async ({ command, input }) => {
      if (command !== 'TagResource' || input.SecretId !== 'amplitude/dev/web') return;
      number += 1;
      await kept.add({ address: `192.0.2.${number}` });
    };
    const failures = await kept.apply(SERVER, [1]);
    expect([...failures.values()].map(({ code }) => code)).toEqual(
      Array(3).fill('QUARANTINES_BUSY'),
    );
    expect(number).toBe(5);
  });
});
