import { RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { tag } from '../../../lambda/contract.ts';
import type { SweepReport } from '../../../lambda/handlers/lifecycle.ts';
import type { EmergencyReport, EmergencyRequest } from '../../../lambda/payloads.ts';
import { isAwsException } from '../../aws/fakes/errors.ts';
import type { Fault } from '../../aws/fakes/faults.ts';
import { createWorld, KEYS, type World } from '../../lambda/world.ts';
import { type Key, Ledger } from './ledger.ts';
import { isReadyToReplace, meantBy } from './meaning.ts';
import { type Act, type Moment, worked } from './moment.ts';
import { Outlet } from './output.ts';
import { PROMISES } from './promises/promises.ts';
import { currentKey, keysByVersion, look, SECRET, type Sight } from './sight.ts';
import { Tally } from './tally.ts';
import { Vendor } from './vendor.ts';

export interface Setting {
  readonly takesPendingOff: boolean;
  readonly retain: number;
  readonly rotate: number;
  readonly verification: 'query' | 'canary';
}

/** A promise that didn't hold. Thrown, so that a run ends where it was broken. */
export class Broken extends Error {
  readonly promise: string;

  constructor(promise: string, how: string) {
    super(how);
    this.promise = promise;
  }
}

/** Is handed the current key by a restart. */
export const SERVICE = 'dify/web';

type Doing = Omit<Act, 'isHindered'>;

/** The functions on their strict fakes, with all that happens to them, judged after each time. */
export class Scene {
  readonly world: World;
  readonly vendor: Vendor;
  readonly ledger: Ledger;
  readonly tally = new Tally();
  /** What the next invocation meets. */
  fault: Fault | undefined;
  sight: Sight;
  /** When another key became current last. */
  replacedAt = 0;
  readonly #outlet: Outlet;
  readonly #fetch = globalThis.fetch;

  static async open({ takesPendingOff, retain, rotate, verification }: Setting): Promise<Scene> {
    const tags = {
      [tag.retainPreviousDays]: String(retain),
      [tag.verification]: verification,
    };
    const world = await createWorld({
      takesPendingOff,
      cmk: true,
      tags,
      services: [SERVICE],
      rotateEveryDays: rotate,
    });
    return new Scene(world, await look(world, keysByVersion(world)));
  }

  private constructor(world: World, sight: Sight) {
    this.world = world;
    this.sight = sight;
    this.vendor = new Vendor(world.amplitude, world.aws.clock);
    this.ledger = new Ledger(this.vendor);
    this.vendor.generate(this.ledger.add(KEYS.first).value);
    this.#outlet = new Outlet(world);
    globalThis.fetch = world.amplitude.fetch;
  }

  get now(): number {
    return this.world.aws.clock.now().getTime();
  }

  async close(): Promise<void> {
    globalThis.fetch = this.#fetch;
    await this.world.close();
  }

  /** One hourly sweep, and the rotation that it may start. */
  async sweep(): Promise<SweepReport | undefined> {
    this.vendor.settle();
    this.ledger.sample(this.now);
    const { swept } = await this.#do('sweep', async () => ({
      swept: await this.world.lifecycleHandler({}),
    }));
    if (this.#isRotating()) await this.settle();
    return swept;
  }

  /** Secrets Manager runs what was started. */
  async settle(): Promise<Act> {
    return this.#do('rotation', async () => {
      await this.world.aws.settled();
      return {};
    });
  }

  async deliverAgain(): Promise<Act> {
    return this.#do('rotation', async () => {
      await this.world.aws.secretsManager.retryRotation(SECRET);
      return {};
    });
  }

  /** RotateSecret, by an operator or by the schedule; refused while another is unfinished. */
  async rotate(): Promise<void> {
    await this.hand(async () => {
      await this.world.aws.clients.secretsManager.send(
        new RotateSecretCommand({ SecretId: SECRET }),
      );
    });
    await this.settle();
  }

  async emergency(request: EmergencyRequest): Promise<Act> {
    const meant = meantBy(request, this);
    const isReady = request.action === 'revoke' && isReadyToReplace(this);
    return this.#do(
      'emergency',
      async () => {
        const report: EmergencyReport = await this.world.emergencyHandler(request);
        const isDone = report.plan.every(({ doneAt }) => doneAt !== undefined);
        return { report, isDone };
      },
      { request, meant, isReady },
    );
  }

  /** Something that people do at AWS. @returns whether AWS took it */
  async hand(work: () => Promise<unknown>): Promise<boolean> {
    const isTaken = await work().then(
      () => true,
      (error) => {
        if (isAwsException(error)) return false;
        throw error;
      },
    );
    await this.#judge({ by: 'hand', isHindered: false });
    return isTaken;
  }

  find(value: string | undefined): Key | undefined {
    return this.ledger.find(value);
  }

  async #do(
    by: Act['by'],
    work: () => Promise<Partial<Doing>>,
    known: Partial<Doing> = {},
  ): Promise<Act> {
    const { faults } = this.world.aws;
    this.vendor.settle();
    const armed = by !== 'rotation' || this.#isRotating() ? this.fault : undefined;
    if (armed) {
      faults.fail('*', armed);
      this.fault = undefined;
    }
    const outcome = await work().catch((error: unknown) => ({ error }));
    const isHindered = (armed && faults.pending.length === 0) || !this.vendor.isUp;
    faults.clear();
    const act: Act = {
      by,
      ...known,
      ...outcome,
      isHindered,
      isReady: known.isReady === true && !isHindered,
    };
    return this.#judge(act);
  }

  async #judge(act: Act): Promise<Act> {
    const before = this.sight;
    const after = await look(this.world, before.keyOf);
    const moment: Moment = { act, before, after, output: this.#outlet.take(act) };
    this.sight = after;
    if (currentKey(before) !== currentKey(after)) this.replacedAt = after.at;
    this.ledger.note(moment);
    this.tally.count(moment, worked(moment));
    for (const { name, broken } of PROMISES) {
      const how = broken(moment, this.ledger);
      if (how) throw new Broken(name, how);
    }
    this.tally.checked += PROMISES.length;
    return act;
  }

  #isRotating(): boolean {
    return this.world.aws.secretsManager.rotationOf(SECRET)?.state === 'running';
  }
}
