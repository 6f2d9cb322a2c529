import {
  InvalidParameterValueException,
  type InvocationRequest,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { raise } from './errors.ts';
import { type Operations, operation } from './operation.ts';
import type { FakeService } from './pipeline.ts';
import type { Place } from './place.ts';

export type Handler = (event: unknown) => Promise<unknown>;

type Invocation = Pick<InvocationRequest, 'InvocationType' | 'Payload'> & { FunctionName: string };

/** Lambda's Invoke of real handlers: a payload in, a payload or a function error out; or an event that waits. */
export class FakeLambda implements FakeService {
  readonly name = 'lambda';
  /** Handlers by the name of their function. */
  readonly functions = new Map<string, Handler>();
  /** What functions were invoked with, parsed. */
  readonly payloads: unknown[] = [];
  /** Answered by the next call instead of asking the function. */
  answers: object | undefined;
  /** Events that functions were invoked with and haven't met yet. */
  readonly #queue: (() => Promise<object>)[] = [];
  readonly operations: Operations = {
    Invoke: operation<InvocationRequest, 'FunctionName'>(
      ['FunctionName'],
      ['Payload', 'InvocationType'],
      (input) => this.#invoke(input),
    ),
  };
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
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
