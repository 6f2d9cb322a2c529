import { type Call, recordedInput } from './calls.ts';
import { isAwsException, type ServiceName } from './errors.ts';
import { errorOf, type Faults, type Moment } from './faults.ts';
import type { Ids } from './ids.ts';
import type { Latency } from './latency.ts';
import type { Limits } from './limits.ts';
import { defined, type Operation, type Operations, refuseUnknown } from './operation.ts';

export interface FakeService {
  readonly name: ServiceName;
  readonly operations: Operations;
  /** Commands whose ClientRequestToken the SDK fills in. */
  readonly tokenCommands?: readonly string[];
  /** Name of the role that the calls are made as, where it isn't the functions' own. */
  readonly role?: string;
}

interface SentCommand {
  readonly input: Record<string, unknown>;
}

/** Powertools takes only a client that has these, and adds its name to the user agent. */
const INSIDES = { config: {}, middlewareStack: { identify: () => [], addRelativeTo: () => {} } };

/** The way of every call: recorded, throttled, failed on request, else answered by the service, in its time. */
export class Pipeline {
  readonly calls: Call[] = [];
  /** Before each call, and waited for: a fault may be set for it, or something else be done first. */
  onCall: ((call: Call) => Promise<void> | void) | undefined;
  readonly #faults: Faults;
  readonly #limits: Limits;
  readonly #latency: Latency;
  readonly #ids: Ids;

  constructor(faults: Faults, limits: Limits, latency: Latency, ids: Ids) {
    this.#faults = faults;
    this.#limits = limits;
    this.#latency = latency;
    this.#ids = ids;
  }

  /** A client of the SDK's class, since its paginators ask `instanceof`. */
  client<Client extends object>(service: FakeService, prototype: Client): Client {
    const tokens = service.tokenCommands ?? [];
    const send = async (command: SentCommand) => {
      const name = nameOf(command);
      const input = defined(command.input);
      if (!tokens.includes(name)) return this.#send(service, name, input);
      return this.#send(service, name, { ClientRequestToken: this.#ids.uuid(), ...input });
    };
    const own = { send, destroy: () => {}, ...INSIDES };
    return Object.create(prototype, Object.getOwnPropertyDescriptors(own));
  }

  /** As the bare wire, where nobody fills in a ClientRequestToken. */
  bareClient<Client extends object>(service: FakeService, prototype: Client): Client {
    return this.client({ name: service.name, operations: service.operations }, prototype);
  }

  async #send(service: FakeService, command: string, input: Record<string, unknown>) {
    const operation = known(service, command, input);
    const { name, role } = service;
    const call: Call = defined({ service: name, command, role, input: recordedInput(input) });
    this.calls.push(call);
    const waiting = this.onCall?.(call);
    if (waiting) await waiting;
    try {
      const answer = this.#answer(service.name, command, operation, structuredClone(input));
      // Only a function is waited for: the journey of any other call begins as it is sent
      const output = answer instanceof Promise ? await answer : answer;
      return { ...structuredClone(output), $metadata: this.#metadata() };
    } catch (error) {
      if (isAwsException(error)) {
        call.error = error.name;
        if (error.name !== 'TimeoutError') Object.assign(error.$metadata, this.#errorMetadata());
      }
      throw error;
    } finally {
      await this.#latency.journey(service.name, command);
    }
  }

  #answer(
    service: ServiceName,
    command: string,
    operation: Operation,
    input: Record<string, unknown>,
  ): object {
    const fault = this.#faults.meet(command, input);
    const failAt = (moment: Moment) => {
      if (fault && (fault.when ?? 'before') === moment)
        throw errorOf(service, command, fault.error);
    };
    const arrived = (output: object) => {
      failAt('after');
      return output;
    };
    failAt('before');
    this.#limits.take(service, command);
    const output = operation.run(input as never);
    return output instanceof Promise ? output.then(arrived) : arrived(output);
  }

  #metadata() {
    return { httpStatusCode: 200, ...this.#errorMetadata(), totalRetryDelay: 0 };
  }

  #errorMetadata() {
    return { requestId: this.#ids.uuid(), attempts: 1 };
  }
}

const nameOf = (command: SentCommand) => command.constructor.name.replace(/Command$/, '');

function known(service: FakeService, command: string, input: object): Operation {
  const operation = service.operations[command];
  if (!operation) throw new Error(`The fake of ${service.name} does not know ${command}.`);
  refuseUnknown(`${service.name} ${command}`, input, operation.accepts);
  const missing = operation.requires.filter((field) => !(field in input));
  if (missing.length > 0) throw new Error(`${command} lacks ${missing.join(', ')}.`);
  return operation;
}
