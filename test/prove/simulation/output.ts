import { trailGroupName } from '../../../lambda/contract.ts';
import { KeysError } from '../../../lambda/domain/errors.ts';
import type { World } from '../../lambda/world.ts';
import type { Act, Output } from './moment.ts';
import { SECRET } from './sight.ts';

/** Takes what the functions let out since the last time, by whatever door. */
export class Outlet {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  take({ error, report, swept }: Act): Output {
    const { aws, printed } = this.#world;
    const lines = printed.splice(0);
    const notices = aws.sns.published.splice(0);
    const transitions = this.#world.trail();
    // Written anew: years of lines would be read again and again
    if (transitions.length > 0) aws.logs.seedGroup(trailGroupName('dev'));
    aws.resetCalls();
    return {
      transitions,
      metrics: Object.assign({}, ...lines.filter((line) => line.includes('"_aws"')).map(metricsIn)),
      texts: [
        ...lines,
        ...notices.map(({ subject, message }) => `${subject}\n${message}`),
        ...transitions.map((line) => JSON.stringify(line)),
        JSON.stringify(aws.secretsManager.tagsOf(SECRET)),
        ...aws.ssm.names(),
        ...[report, swept].flatMap((answer) => (answer ? [JSON.stringify(answer)] : [])),
        ...(error instanceof KeysError ? [`${error.stack} ${JSON.stringify(error)}`] : []),
      ],
    };
  }
}

function metricsIn(line: string): Record<string, number> {
  const numbers = Object.entries(JSON.parse(line)).filter(([, value]) => typeof value === 'number');
  return Object.fromEntries(numbers) as Record<string, number>;
}
