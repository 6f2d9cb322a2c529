import {
  type GetPolicyRequest,
  InvalidParameterValueException,
  type InvocationRequest,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import type { Clock } from './clock.ts';
import { raise } from './errors.ts';
import { EventSourceMappings } from './event-source-mappings.ts';
import type { Ids } from './ids.ts';
import { type Operations, operation } from './operation.ts';
import type { FakeService } from './pipeline.ts';
import type { Place } from './place.ts';

export type Handler = (event: unknown) => Promise<unknown>;

type Invocation = Pick<InvocationRequest, 'InvocationType' | 'Payload'> & { FunctionName: string };

/**
 * Lambda's Invoke of real handlers: a payload in, a payload or a function error out; or an event that
 * waits. And what hands them the messages of queues.
 */
export class FakeLambda implements FakeService {
  readonly name = 'lambda';
  /** Handlers by the name of their function. */
  readonly functions = new Map<string, Handler>();
  /** Resource policies by the name of their function, JSON. */
  readonly policies = new Map<string, string>();
  /** What functions were invoked with, parsed. */
  readonly payloads: unknown[] = [];
  /** Answered by the next call instead of asking the function. */
  answers: object | undefined;
  /** Events that functions were invoked with and haven't met yet. */
  readonly #queue: (() => Promise<object>)[] = [];
  readonly mappings: EventSourceMappings;
  readonly operations: Operations;
  readonly #place: Place;

  constructor(clock: Clock, ids: Ids, place: Place) {
    this.#place = place;
    this.mappings = new EventSourceMappings(clock, ids, place, (name) => this.#handlerOf(name));
    this.operations = {
      Invoke: operation<InvocationRequest, 'FunctionName'>(
        ['FunctionName'],
        ['Payload', 'InvocationType'],
        (input) => this.#invoke(input),
      ),
      GetPolicy: operation<GetPolicyRequest, 'FunctionName'>(
        ['FunctionName'],
        [],
        ({ FunctionName }) => ({
          Policy:
            this.policies.get(FunctionName) ??
            raise(ResourceNotFoundException, 'The resource you requested does not exist.', 404),
        }),
      ),
      ...this.mappings.operations,
    };
  }

  /** The functions meet the events that wait for them; what one answers or throws nobody gets. */
  async settled(): Promise<void> {
    for (const run of this.#queue.splice(0)) await run();
  }

  async #invoke({ FunctionName, Payload, InvocationType = 'RequestResponse' }: Invocation) {
    const event: unknown = JSON.parse(new TextDecoder().decode(Payload as Uint8Array) || '{}');
    this.payloads.push(event);
    const { answers } = this;
    this.answers = undefined;
    if (answers) return answers;
    const handler = this.#handlerOf(FunctionName);
    if (InvocationType === 'RequestResponse') return answerOf(handler, event);
    if (InvocationType !== 'Event') {
      return raise(
        InvalidParameterValueException,
        `The fake knows no InvocationType ${InvocationType}.`,
      );
    }
    // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
    this.#queue.push(() => answerOf(handler, event));
    return { StatusCode: 202, Payload: new Uint8Array() };
  }

  #handlerOf(nameOrArn: string): Handler {
    const name = nameOrArn.split(':').at(-1) ?? '';
    const { region, account } = this.#place;
    const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
    const isNamed = [name, arn].includes(nameOrArn);
    const handler = isNamed ? this.functions.get(name) : undefined;
    return handler ?? raise(ResourceNotFoundException, `Function not found: ${arn}`, 404);
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
async function answerOf(handler: Handler, event: unknown): Promise<object> {
  try {
    return {
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      Payload: payloadOf(await handler(event)),
    };
  } catch (error) {
    const { name: errorType, message: errorMessage, stack = '' } = error as Error;
    const body = { errorType, errorMessage, trace: stack.split('\n') };
    return { StatusCode: 200, FunctionError: 'Unhandled', Payload: payloadOf(body) };
  }
}

/** A handler that answers nothing answers `null`. */
export const payloadOf = (body: unknown) => new TextEncoder().encode(JSON.stringify(body ?? null));
