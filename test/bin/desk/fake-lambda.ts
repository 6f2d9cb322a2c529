import { ResourceNotFoundException } from '@aws-sdk/client-lambda';

type Handler = (event: unknown) => Promise<unknown>;

interface Invocation {
  readonly FunctionName?: string;
  readonly Payload?: Uint8Array;
}

/** Lambda's Invoke of the real handlers: a payload in, a payload or a function error out. */
export class FakeLambda {
  readonly functions = new Map<string, Handler>();
  readonly payloads: Record<string, unknown>[] = [];
  /** Thrown by the next call. */
  fails: Error | undefined;
  /** Answered by the next call instead of asking the function. */
  answers: object | undefined;

  readonly send = async (command: { readonly input: object }): Promise<object> => {
    if (command.constructor.name !== 'InvokeCommand') {
      throw new Error(`The fake of Lambda does not know ${command.constructor.name}.`);
    }
    const { FunctionName = '', Payload, ...unknown } = command.input as Invocation;
    if (Object.keys(unknown).length > 0) throw new Error(`Unknown: ${Object.keys(unknown)}`);
    const event = JSON.parse(new TextDecoder().decode(Payload));
    this.payloads.push(event);
    return this.#planned() ?? (await this.#invoke(FunctionName, event));
  };

  #planned(): object | undefined {
    const { fails, answers } = this;
    this.fails = undefined;
    this.answers = undefined;
    if (fails) throw fails;
    return answers;
  }

  async #invoke(name: string, event: unknown): Promise<object> {
    const handler = this.functions.get(name);
    if (!handler) {
      const message = `Function not found: arn:aws:lambda:::function:${name}`;
      throw new ResourceNotFoundException({ message, $metadata: {} });
    }
    try {
      return { StatusCode: 200, Payload: payloadOf(await handler(event)) };
    } catch (error) {
      const { name: errorType, message: errorMessage, stack = '' } = error as Error;
      const body = { errorType, errorMessage, trace: stack.split('\n') };
      return { StatusCode: 200, FunctionError: 'Unhandled', Payload: payloadOf(body) };
    }
  }
}

export const payloadOf = (body: unknown) => new TextEncoder().encode(JSON.stringify(body));
