type Handler<Event, Answer> = (event: Event) => Promise<Answer>;

/** As Lambda does it: one event at a time in each container, and another container for one more. */
export class Containers<Event, Answer> {
  readonly #start: () => Handler<Event, Answer>;
  #idle: Handler<Event, Answer>[] = [];

  constructor(start: () => Handler<Event, Answer>) {
    this.#start = start;
  }

  readonly invoke = async (event: Event): Promise<Answer> => {
    const handler = this.#idle.pop() ?? this.#start();
    const answer = await handler(event);
    this.#idle.push(handler);
    return answer;
  };

  /** The next events meet new ones. */
  recycle(): void {
    this.#idle = [];
  }
}
