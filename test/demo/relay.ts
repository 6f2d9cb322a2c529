import { setTimeout } from 'node:timers/promises';
import { relayQueueName, relaySecretField, relayTokenName } from '../../lambda/contract.ts';
import { eventually } from '../aws/local/eventually.ts';
import { type Cast, DAY, DEV, HOUR } from './cast.ts';
import { Dify } from './dify.ts';
import type { Mail } from './mailbox.ts';
import { chapter, pause, say, showMail, showTable } from './telling.ts';

const RUNS = 20;
/** The queue's delay, and a little. */
const DELAY_MS = 11_000;
/** So long after it was handed out in vain, an event is handed out again. */
const HIDDEN_MS = 726_000;
/** While a rotation or a sweep is under way, a run ends so often. */
const EVERY_MS = 100;
/** More than the six hours that a revoked key may live on. */
const SWEEPS = 7;

/** Phases by name, and how many executions Dify told of in each. */
type Phases = (readonly [phase: string, ids: readonly string[]])[];

/** Executions of Dify, while the key that they are sent with has its whole life. */
export async function relay(cast: Cast) {
  const { account, keys } = cast;
  chapter('Dify tells of executions while their key rotates, retires and is revoked');
  const dify = await difyIn(cast);
  const phases: Phases = [['with the current key', await dify.run(RUNS)]];

  await cast.type(['stage', ...DEV, '--name', 'web, relayed'], keys.relayed);
  phases.push(['while it rotates', await runDuring(dify, cast.type(['rotate', ...DEV]))]);
  await arrived(cast, phases);

  await account.pass(30 * DAY + HOUR);
  account.amplitude.revoke(keys.standby);
  phases.push(['while the replaced one retires', await runDuring(dify, sweeps(cast))]);
  await arrived(cast, phases);
  pause();
  say('The replaced key is gone. Then somebody presses Revoke beside the wrong one:');
  await cast.mail();
  await isRevoked(cast, dify, phases);
  await cast.type(['relay', 'status', '--env', 'dev']);
}

/** Both are waited for: what fails first is told, and not what fails because of it. */
async function runDuring(dify: Dify, work: Promise<unknown>): Promise<string[]> {
  const [ids] = await Promise.all([dify.run(RUNS, EVERY_MS), work]);
  return ids;
}

/** No key is left that Amplitude accepts. */
async function isRevoked(cast: Cast, dify: Dify, phases: Phases) {
  const { account, keys } = cast;
  account.amplitude.revoke(keys.relayed);
  phases.push(['while it is revoked', await dify.run(RUNS)]);
  account.clock.advance(DELAY_MS);
  showMail(await mailOf(cast, /relay/i));
  const { length: missing } = notIn(cast, phases);
  pause();
  say(`${missing} events wait in the queue ${relayQueueName('dev')}, and none is tried in vain.`);
  await cast.type(['stage', ...DEV, '--name', 'web, afterwards'], keys.afterwards);
  await cast.type(['rotate', ...DEV]);
  showMail(await mailOf(cast, /relay/i));
  phases.push(['with the next key', await dify.run(RUNS)]);
  account.clock.advance(HIDDEN_MS);
  await arrived(cast, phases);
  pause();
  say('Twelve minutes later those are handed out again too that met the rejection:');
  tell(cast, phases);
}

function tell({ account }: Cast, phases: Phases) {
  const counts = account.amplitude.countsByInsertId();
  const timesOf = (ids: readonly string[]) => ids.map((id) => counts.get(id) ?? 0);
  const rowOf = (phase: string, ids: readonly string[]) => {
    const times = timesOf(ids);
    const once = times.filter((time) => time === 1).length;
    const more = times.filter((time) => time > 1).length;
    return [phase, ids.length, once, more, ids.length - once - more].map(String);
  };
  const all = phases.flatMap(([, ids]) => ids);
  const rows = [...phases.map(([phase, ids]) => rowOf(phase, ids)), rowOf('all', all)];
  showTable(['EXECUTIONS', 'SENT', 'IN AMPLITUDE ONCE', 'MORE OFTEN', 'LOST'], rows);
  pause();
  const isEach = timesOf(all).every((time) => time === 1);
  if (!isEach) throw new Error('an execution is not in Amplitude once');
  say(`${all.length} executions, ${all.length} events in Amplitude, each once.`);
}

async function difyIn({ account }: Cast): Promise<Dify> {
  say("Dify's tracing page has the relay's URL, an HTTP API of the local AWS, and a token.");
  say("Spans go out by OpenTelemetry's exporter, each in a request of its own, as by Dify.");
  const url = await account.relayUrl();
  const token = JSON.parse(await account.value(relayTokenName('dev')))[relaySecretField.token];
  return new Dify(url, token, () => account.now());
}

/** All that was sent is in Amplitude. */
async function arrived(cast: Cast, phases: Phases) {
  cast.account.clock.advance(DELAY_MS);
  await eventually(async () => notIn(cast, phases).length === 0);
}

function notIn({ account }: Cast, phases: Phases): string[] {
  const counts = account.amplitude.countsByInsertId();
  return phases.flatMap(([, ids]) => ids).filter((id) => !counts.has(id));
}

async function sweeps({ account }: Cast) {
  for (let hour = 0; hour < SWEEPS; hour += 1) await account.pass(HOUR);
}

/** What the topic sends of the matter, once it does. */
async function mailOf(cast: Cast, matter: RegExp): Promise<Mail[]> {
  const mail: Mail[] = [];
  await eventually(async () => {
    mail.push(...(await cast.mail()).filter(({ Subject = '' }) => matter.test(Subject)));
    await setTimeout(EVERY_MS);
    return mail.length > 0;
  });
  return mail;
}
