import { createHash } from 'node:crypto';

/** What becomes of the deployments that begin from now on. */
export type Outcome = 'steady' | 'never steady' | 'rolled back';

export interface ServiceSeed {
  /** How many tasks it runs. @default 1 */
  readonly desiredCount?: number;
  /** @default 'ECS' */
  readonly controller?: 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL';
  /** @default 'ACTIVE' */
  readonly status?: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  /** @default 'steady' */
  readonly outcome?: Outcome;
  /** With 0 the earlier tasks are stopped as a deployment begins. @default 100 */
  readonly minimumHealthyPercent?: 0 | 100;
}

export interface Task {
  /** 32 hex digits, as ECS's are. */
  readonly id: string;
  /** When it became PENDING; absent while it is being provisioned. */
  readonly createdAt?: Date;
  /** It fails before its containers run. @default false */
  readonly fails?: boolean;
}

export interface Deployment {
  readonly id: string;
  readonly createdAt: Date;
  readonly status: string;
  readonly statusReason?: string;
}

interface Begun {
  readonly at: number;
  readonly outcome: Outcome;
  /** A later one took its place. */
  stoppedAt?: number;
}

const SECOND = 1000;
/** After the beginning of a deployment, in milliseconds. */
const PROVISIONED = 5 * SECOND;
const STARTED = 30 * SECOND;
const STEADY = 120 * SECOND;
const ROLLING_BACK = 300 * SECOND;
const ROLLED_BACK = 420 * SECOND;

const ROLLED = 'Service deployment rolled back because the circuit breaker threshold was exceeded.';

/** A service of ECS: what it runs and how its deployments go is worked out from the time alone. */
export class EcsService {
  readonly status: NonNullable<ServiceSeed['status']>;
  readonly controller: NonNullable<ServiceSeed['controller']>;
  outcome: Outcome;
  readonly #path: string;
  readonly #desiredCount: number;
  readonly #seededAt: number;
  readonly #stopsFirst: boolean;
  readonly #begun: Begun[] = [];

  constructor(path: string, at: Date, seed: ServiceSeed) {
    const { desiredCount = 1, controller = 'ECS', status = 'ACTIVE', outcome = 'steady' } = seed;
    this.#path = path;
    this.#seededAt = at.getTime();
    this.#desiredCount = desiredCount;
    this.#stopsFirst = seed.minimumHealthyPercent === 0;
    this.controller = controller;
    this.status = status;
    this.outcome = outcome;
  }

  deploy(now: Date): void {
    const at = now.getTime();
    for (const one of this.#begun) if (!isOver(one, at)) one.stoppedAt = at;
    this.#begun.push({ at, outcome: this.outcome });
  }

  /** Oldest first. */
  deployments(now: Date): Deployment[] {
    return this.#begun.map((one, index) => ({
      id: this.#id('deployment', index).slice(0, 21),
      createdAt: new Date(one.at),
      ...statusOf(one, now.getTime()),
    }));
  }

  /** Those that shall run, whether or not they do yet. */
  tasks(now: Date): Task[] {
    if (this.status === 'INACTIVE') return [];
    const time = now.getTime();
    let running = this.#batch('seed', this.#seededAt);
    for (const [index, one] of this.#begun.entries()) {
      const starting = this.#starting(one, index, time);
      const replaced = this.#stopsFirst || isReplaced(one, time);
      running = replaced ? starting : [...running, ...starting];
    }
    return running;
  }

  #starting(one: Begun, index: number, time: number): Task[] {
    const age = time - one.at;
    if (one.stoppedAt !== undefined || age < PROVISIONED) return [];
    if (one.outcome === 'rolled back' && age >= ROLLING_BACK) {
      const back = this.#stopsFirst && age >= ROLLED_BACK;
      return back ? this.#batch(`${index}.back`, one.at + ROLLED_BACK) : [];
    }
    if (age < STARTED) return this.#batch(`${index}`);
    if (one.outcome === 'steady') return this.#batch(`${index}`, one.at + STARTED);
    // They fail, and others are started in their place
    const round = Math.floor((age - STARTED) / STARTED);
    const failing = this.#batch(`${index}.${round}`, one.at + STARTED * (round + 1));
    return failing.map((task) => ({ ...task, fails: true }));
  }

  #batch(name: string, createdAt?: number): Task[] {
    const of = createdAt === undefined ? {} : { createdAt: new Date(createdAt) };
    return Array.from({ length: this.#desiredCount }, (_, at) => ({
      id: this.#id('task', `${name}.${at}`),
      ...of,
    }));
  }

  #id(kind: string, name: string | number): string {
    return createHash('sha256').update(`${this.#path} ${kind} ${name}`).digest('hex').slice(0, 32);
  }
}

const isReplaced = (one: Begun, time: number) =>
  one.outcome === 'steady' && one.stoppedAt === undefined && time - one.at >= STEADY;

function isOver({ at, outcome, stoppedAt }: Begun, time: number): boolean {
  if (stoppedAt !== undefined) return true;
  if (outcome === 'never steady') return false;
  return time - at >= (outcome === 'steady' ? STEADY : ROLLED_BACK);
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html */
function statusOf(
  { at, outcome, stoppedAt }: Begun,
  time: number,
): Pick<Deployment, 'status' | 'statusReason'> {
  const age = time - at;
  if (stoppedAt !== undefined) return { status: 'STOPPED' };
  if (age < PROVISIONED) return { status: 'PENDING' };
  if (outcome === 'steady' && age >= STEADY) return { status: 'SUCCESSFUL' };
  if (outcome !== 'rolled back' || age < ROLLING_BACK) return { status: 'IN_PROGRESS' };
  const status = age < ROLLED_BACK ? 'ROLLBACK_IN_PROGRESS' : 'ROLLBACK_SUCCESSFUL';
  return { status, statusReason: ROLLED };
}
