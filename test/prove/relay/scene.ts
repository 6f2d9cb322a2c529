import { createHash } from 'node:crypto';
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { functionName, RELAY_TRACE, relayTable, relayTableName } from '../../../lambda/contract.ts';
import type { Sent } from '../../lambda/http-event.ts';
import { intakeIn } from '../../lambda/intake.ts';
import { rotationEvent } from '../../lambda/relay.ts';
import { KEYS, type World } from '../../lambda/world.ts';
import { Containers } from './containers.ts';
import type { Ledger } from './ledger.ts';

const POLLED_EVERY = 5_000;
const WOKEN_EVERY = 900_000;
/** Of the event source mapping. */
const AT_ONCE = 3;
const TABLE = relayTableName('dev');
const ON = ['Enabled', 'Enabling'];

/** How often what happened. */
type Deed = 'holds' | 'by_event' | 'by_wake' | 'rotations' | 'kills' | 'refusals' | 'deaths';

/** A relay at work: events come, time passes, and what is due happens. */
export class Scene {
  readonly world: World;
  readonly ledger: Ledger;
  readonly seed: number;
  readonly counts: Record<Deed, number> = {
    holds: 0,
    by_event: 0,
    by_wake: 0,
    rotations: 0,
    kills: 0,
    refusals: 0,
    deaths: 0,
  };
  /** What went otherwise than the search itself needs it. */
  readonly faults: string[] = [];
  /** So many invocations of the sender end without an answer, though they did their work. */
  dying = 0;
  readonly #intake: Containers<Sent, { readonly statusCode: number }>;
  readonly #sender: Containers<unknown, unknown>;
  #due: { readonly at: number; readonly run: () => Promise<void> | void }[] = [];
  readonly #keys: string[] = [KEYS.first];
  #polledAt = 0;
  #wokenAt: number;
  #stopped: Promise<void> | undefined;

  constructor(world: World, ledger: Ledger, seed: number) {
    this.world = world;
    this.ledger = ledger;
    this.seed = seed;
    this.#wokenAt = this.now;
    this.#intake = new Containers(intakeIn(world).start);
    this.#sender = new Containers<unknown, unknown>(world.relay.container);
    world.aws.functions.set(functionName('dev', 'relay-sender'), (event) => this.#send(event));
  }

  get now(): number {
    return this.world.aws.clock.now().getTime();
  }

  get isOn(): boolean {
    return ON.includes(this.world.relay.mappingState());
  }

  /** Nothing is to come, nothing waits, and what comes will be sent. */
  get isAtRest(): boolean {
    return this.#due.length === 0 && this.world.relay.queue.messages.length === 0 && this.isOn;
  }

  /** From now on by the clock. */
  after(seconds: number, run: () => Promise<void> | void): void {
    this.#due.push({ at: this.now + seconds * 1_000, run });
    this.#due.sort((one, other) => one.at - other.at);
  }

  /** Whoever sends gets 503 where the relay can't take it now, and sends it again. */
  async request(sent: Sent): Promise<void> {
    for (let tries = 0; tries < 5; tries += 1) {
      const { statusCode } = await this.#intake.invoke(sent);
      if (statusCode === 200) return;
      if (statusCode !== 503) throw new Error(`The intake answered ${statusCode}.`);
      this.counts.refusals += 1;
    }
    throw new Error('The intake took a request at none of five tries.');
  }

  async pass(seconds: number): Promise<void> {
    this.world.aws.clock.advance(seconds * 1_000);
    while ((this.#due[0]?.at ?? Number.POSITIVE_INFINITY) <= this.now) {
      await this.#due.shift()?.run();
    }
    if (this.now - this.#wokenAt >= WOKEN_EVERY) await this.#wake();
    if (this.now - this.#polledAt >= POLLED_EVERY) await this.#poll();
    this.#note();
  }

  /** Its process ends with its next request, or else at once. */
  kill({ inRequest }: { readonly inRequest: boolean }): void {
    const { amplitude } = this.world;
    const end = () => {
      amplitude.onRequest = () => {};
      this.#stopped ??= amplitude.stop();
      this.counts.kills += 1;
    };
    if (inRequest) amplitude.onRequest = end;
    else end();
  }

  async comeBack(): Promise<void> {
    const { amplitude } = this.world;
    amplitude.onRequest = () => {};
    if (!this.#stopped) return;
    await this.#stopped;
    this.#stopped = undefined;
    await amplitude.comeBack();
  }

  /** The next key is staged and rotated to. @param isTold whether its event reaches the relay */
  async rotate({ isTold }: { readonly isTold: boolean }): Promise<void> {
    const { world, seed } = this;
    const key = createHash('md5').update(`${seed} ${this.#keys.length}`).digest('hex');
    this.#keys.push(key);
    await world.stage(key);
    const failure = await world.rotate();
    if (failure) this.faults.push(`A rotation failed: ${failure}`);
    this.counts.rotations += 1;
    const event = world.aws.events.taken.at(-1);
    if (isTold && event) await this.#turn('by_event', () => this.#send(rotationEvent(event)));
  }

  /** At Amplitude. */
  revoke(which: 'all' | 'current'): void {
    const keys = which === 'all' ? this.#keys : this.#keys.slice(-1);
    for (const key of keys) this.world.amplitude.revoke(key);
  }

  recycleSenders(): void {
    this.#sender.recycle();
  }

  /** What an account keeps of executions that are over goes after 15 days; a heap is weighed without. */
  async expire(): Promise<void> {
    const { aws } = this.world;
    const ids = [...aws.dynamoDb.itemsOf(TABLE).keys()].filter((id) => id.startsWith(RELAY_TRACE));
    for (const id of ids) {
      const input = { TableName: TABLE, Key: { [relayTable.id]: { S: id } } };
      await aws.clients.dynamoDb.send(new DeleteItemCommand(input));
    }
    this.#note();
  }

  async #send(event: unknown): Promise<unknown> {
    const wasOn = this.isOn;
    const answer = await this.#sender.invoke(event);
    if (wasOn && !this.isOn) this.counts.holds += 1;
    if (this.dying === 0 || !('Records' in Object(event))) return answer;
    this.dying -= 1;
    this.counts.deaths += 1;
    throw new Error('The process is gone.');
  }

  /** Lambda asks again; what fails for longer is left to the next wake. */
  async #turn(deed: Deed, work: () => Promise<unknown>): Promise<void> {
    const wasOn = this.isOn;
    await work().catch(() => undefined);
    if (!wasOn && this.isOn) this.counts[deed] += 1;
  }

  async #wake(): Promise<void> {
    this.#wokenAt = this.now;
    await this.#turn('by_wake', async () => this.world.relay.wake());
  }

  async #poll(): Promise<void> {
    this.#polledAt = this.now;
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.world.relay.poll()));
  }

  /** Into the ledger, which has its room already; of the rest nothing is kept. */
  #note(): void {
    const { amplitude, aws, printed } = this.world;
    for (const event of amplitude.events) this.ledger.arrive(event, aws.clock.now());
    for (const list of [amplitude.events, amplitude.requests, amplitude.headers, printed])
      list.length = 0;
    aws.resetCalls();
  }
}
