import { createInstance, type Types } from '@amplitude/analytics-node';
import { vi } from 'vitest';
import { type AmplitudeKey, amplitudeKey } from '../../../lib/consumer/amplitude-key.ts';
import { keyPlugin } from '../../../lib/consumer/analytics-node.ts';
import { KEYS, type World } from '../../lambda/world.ts';
import { reader } from './reader.ts';

export interface TrafficOptions {
  readonly key?: AmplitudeKey;
  /** Without: Amplitude's SDK as it comes, initialized with the key. */
  readonly plugin?: boolean;
  readonly flushMaxRetries?: number;
}

/** A program that sends an event a second with Amplitude's SDK. Time passes only while it flows. */
export class Traffic {
  /** HTTP status of each upload as the SDK's transport saw it; 400 is a rejected key. */
  readonly uploads: number[] = [];
  /** What the SDK told of each event: 200, or why it dropped it. */
  readonly results: { code: number; message: string }[] = [];
  readonly #world: World;
  readonly #client = createInstance();
  #sent = 0;
  #underWay = 0;

  constructor(world: World, { plugin = true, flushMaxRetries, ...options }: TrafficOptions = {}) {
    const { key = keyOf(world) } = options;
    this.#world = world;
    this.#client.add(this.#watch());
    if (plugin) this.#client.add(keyPlugin(key));
    this.#client.init(plugin ? key.secretId : KEYS.first, {
      serverUrl: `${world.amplitude.endpoints.US.ingestion}/2/httpapi`,
      ...(flushMaxRetries ? { flushMaxRetries } : {}),
    });
  }

  /** One event a second. */
  async flow(seconds: number) {
    for (let second = 0; second < seconds; second++) {
      const event = { event_type: 'run', user_id: 'somebody', insert_id: `event-${++this.#sent}` };
      this.#client.track(event).promise.then((result) => this.results.push(result));
      await this.wait(1);
    }
  }

  /** No events. */
  async wait(seconds: number) {
    for (let second = 0; second < seconds; second++) {
      await vi.advanceTimersByTimeAsync(1_000);
      while (this.#underWay > 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** As at the end of a program, or by hand. */
  async flush() {
    const flushed = this.#client.flush().promise;
    await this.wait(1);
    await flushed;
  }

  /** What became of the events. */
  get count() {
    const received = this.#world.amplitude.events.map(({ insert_id }) => insert_id);
    const once = new Set(received).size;
    return { sent: this.#sent, received: once, twice: received.length - once };
  }

  /** Sees each upload; the key's plugin is added after it and so sends through it. */
  #watch(): Types.BeforePlugin {
    return {
      name: 'watch',
      type: 'before',
      setup: async (config) => {
        const transport = config.transportProvider;
        const send: typeof transport.send = async (...upload) => {
          this.#underWay += 1;
          try {
            const answer = await transport.send(...upload);
            this.uploads.push(answer?.statusCode ?? 0);
            return answer;
          } finally {
            this.#underWay -= 1;
          }
        };
        config.transportProvider = { send };
      },
    };
  }
}

export const keyOf = ({ aws }: World) =>
  amplitudeKey({ secretId: 'amplitude/dev/web', client: reader(aws) });
