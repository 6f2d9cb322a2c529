import type { ConsumerReport, KeyReport, StandingWord } from '../../lambda/payloads.ts';
import type { View } from './terminal.ts';
import { relative } from './times.ts';

/** Who may read a key, a line each, and how far they are with it. */
export function consumerLines({ consumers = [] }: KeyReport, view: View): string[] {
  return consumers.map((consumer) => {
    const { principal, service } = consumer;
    const who = service ? `ECS service ${service} (${principal})` : principal;
    return `Consumer ${who}: ${standing(consumer, view)}${until(consumer, view)}`;
  });
}

function standing({ service, standing, since, why = '' }: ConsumerReport, view: View): string {
  if (!service) return 'reads it by itself';
  if (!standing) return 'no key to hand over';
  const colour = colourOf(standing, view);
  const told = `${colour(standing)}${why ? `, ${why}` : ''}`;
  const promoted =
    since && standing !== 'has it' ? `, current since ${relative(since, view.now)}` : '';
  return `${told}${promoted}`;
}

function colourOf(standing: StandingWord, { paint }: View): (text: string) => string {
  if (standing === 'has it') return paint.green;
  return standing === 'restarting' || standing === 'unknown' ? paint.yellow : paint.red;
}

function until({ expires }: ConsumerReport, { now }: View): string {
  if (!expires) return '';
  const verb = new Date(expires) > now ? 'ends' : 'ended';
  return `; its grant ${verb} ${relative(expires, now)}`;
}
