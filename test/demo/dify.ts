import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { relayPath } from '../../lambda/contract.ts';
import { workflowRun } from '../dify.ts';

const SECONDS = 2;

/** A Dify whose tracing provider Phoenix is set to the relay. */
export class Dify {
  readonly #exporter: OTLPTraceExporter;
  readonly #now: () => Date;

  constructor(url: string, token: string, now: () => Date) {
    const headers = { api_key: token, authorization: `Bearer ${token}` };
    this.#exporter = new OTLPTraceExporter({ url: `${url}${relayPath.traces}`, headers });
    this.#now = now;
  }

  /** So many workflows run, one after the other; answers their ids once all is told of them. */
  async run(count: number, everyMs = 0): Promise<string[]> {
    const ids: string[] = [];
    while (ids.length < count) {
      const id = randomUUID();
      const startedAt = new Date(this.#now().getTime() - SECONDS * 1_000);
      const user = `user-${ids.length}-of-dify`;
      for (const span of workflowRun({ id, user, startedAt, seconds: SECONDS })) {
        await this.#send(span);
      }
      ids.push(id);
      if (everyMs > 0) await setTimeout(everyMs);
    }
    return ids;
  }

  #send(span: ReadableSpan): Promise<void> {
    return new Promise((done, failed) =>
      this.#exporter.export([span], ({ error }) => (error ? failed(error) : done())),
    );
  }
}
