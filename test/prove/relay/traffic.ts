import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { relayPath } from '../../../lambda/contract.ts';
import type { Form } from '../../../lambda/domain/relay/intake/form.ts';
import { chatMessage, workflowRun } from '../../dify.ts';
import type { Sent } from '../../lambda/http-event.ts';
import { bearer, TOKENS, tracesOf } from '../../lambda/intake.ts';

/** What is sent of an event, and what Amplitude has to have of it: all by its number. */
export interface Expected {
  readonly insertId: string;
  /** Of a user, or of a device that was made for it. */
  readonly user: string | undefined;
  readonly device: string | undefined;
  readonly models: string | undefined;
}

const MODELS = [['gpt-4o'], ['gpt-4o', 'claude-3'], ['mistral-large'], []] as const;
const STATUS = ['succeeded', 'succeeded', 'succeeded', 'failed', 'stopped'] as const;
const USERS = 5_000;
/** How a program sends: each span alone, as Dify does; all of several runs together; or plain events. */
const WAYS = ['alone', 'alone', 'alone', 'together', 'together', 'together', 'posted'] as const;
/** How many runs are told of in one request, where they are told of together. */
export const TOGETHER = 8;

const pick = <One>(from: readonly One[], index: number): One => from[index % from.length] as One;

/** A UUID that begins with its number. */
export function insertIdOf(index: number, seed: number): string {
  const hex = createHash('sha256').update(`${seed} ${index}`).digest('hex');
  const head = index.toString(16).padStart(8, '0');
  return [
    head,
    hex.slice(0, 4),
    `4${hex.slice(4, 7)}`,
    `8${hex.slice(7, 10)}`,
    hex.slice(10, 22),
  ].join('-');
}

export const indexOf = (insertId: string) => Number.parseInt(insertId.slice(0, 8), 16);

/** Of all that are sent together the way is the same. */
const wayOf = (index: number) => pick(WAYS, Math.floor(index / TOGETHER));
const isChat = (index: number) => index % 5 === 3;
const isOfNobody = (index: number) => index % 17 === 5;
const userOf = (index: number) =>
  isOfNobody(index) ? 'anonymous' : `user-${index % USERS}-of-dify`;
const modelsOf = (index: number) => (isChat(index) ? ['gpt-4o'] : pick(MODELS, index));

export function expectedOf(index: number, seed: number): Expected {
  const insertId = insertIdOf(index, seed);
  const isPosted = wayOf(index) === 'posted';
  const device = isPosted ? `relay-${insertId}` : `dify-run-${insertId}`;
  return {
    insertId,
    ...(isOfNobody(index)
      ? { user: undefined, device }
      : { user: userOf(index), device: undefined }),
    models: isPosted ? undefined : modelsOf(index).toSorted().join(', ') || undefined,
  };
}

/** The requests that tell of some events, each of which has to be taken before the next is sent. */
export function requestsOf(indexes: readonly number[], seed: number, now: Date): Sent[] {
  const [first = 0] = indexes;
  const way = wayOf(first);
  if (way === 'posted') return [postedOf(indexes, seed, now)];
  const runs = indexes.map((index) => spansOf(index, seed, now));
  const form = first % 3 === 0 ? 'json' : 'protobuf';
  if (way === 'together') return [tracesIn(runs.flat(), form, first)];
  return runs.flat().map((span, at) => tracesIn([span], form, first + at));
}

function spansOf(index: number, seed: number, now: Date): ReadableSpan[] {
  const run = {
    id: insertIdOf(index, seed),
    user: userOf(index),
    models: modelsOf(index),
    status: pick(STATUS, index),
    startedAt: new Date(now.getTime() - 2_500),
  };
  return isChat(index) ? chatMessage(run) : workflowRun(run);
}

function postedOf(indexes: readonly number[], seed: number, now: Date): Sent {
  const events = indexes.map((index) => ({
    event_type: 'page_viewed',
    user_id: userOf(index),
    time: now.getTime(),
    insert_id: insertIdOf(index, seed),
    event_properties: { page: 'pricing' },
  }));
  const headers = { ...bearer(TOKENS.first), 'content-type': 'application/json' };
  return { path: relayPath.events, body: JSON.stringify({ events }), headers };
}

/** Some compress what they send. */
function tracesIn(spans: readonly ReadableSpan[], form: Form, number: number): Sent {
  const sent = tracesOf(spans, form);
  if (form === 'json' || number % 4 !== 0) return sent;
  const headers = { ...sent.headers, 'content-encoding': 'gzip' };
  return { ...sent, headers, body: gzipSync(sent.body ?? '') };
}
