import { setTimeout as sleep } from 'node:timers/promises';
import type { Credential, Vendor } from '../../../../lambda/domain/ports.ts';
import { SecretValue } from '../../../../lambda/domain/secret-value.ts';
import { type Check, explain, type Verdict } from '../../../../lambda/domain/verdict.ts';
import type { VerdictWord } from '../../../../lambda/payloads.ts';
import type { RawServer } from './raw-server.ts';

export type VendorOf = (server: RawServer, timeoutMs: number) => Vendor;

export const CHECKS: readonly Check[] = ['query', 'canary', 'secret'];

export const TIMEOUT_MS = 60;
/** Three tries in each of two regions. */
const TRIES = 6;
/** For whoever else uses the machine. */
const SLACK_MS = 20_000;
const MOST_MS = TRIES * TIMEOUT_MS + SLACK_MS;
/** 64 KiB are read; the rest is what a connection has under way. */
const MOST_BYTES = 16 * 2 ** 20;

const KEY = 'deadbeef01234567'.repeat(2);
const PAIRED = 'cafebabe01234567'.repeat(2);

function credentialOf(check: Check): Credential {
  const value = new SecretValue(KEY);
  if (check === 'secret') {
    const managed = { kind: 'secret', verification: 'query' } as const;
    return { managed, value, apiKey: new SecretValue(PAIRED) };
  }
  return { managed: { kind: 'ingestion', verification: check }, value };
}

const patienceLost = () => sleep(MOST_MS, undefined, { ref: false });

export interface Tried {
  readonly milliseconds: number;
  readonly word?: VerdictWord;
  readonly complaint?: string;
}

/** Asks about a key, and looks at what became of the answer. */
export async function tryVendor(
  vendorOf: VendorOf,
  server: RawServer,
  check: Check,
  allowed: readonly VerdictWord[],
  timeoutMs = TIMEOUT_MS,
): Promise<Tried> {
  const started = performance.now();
  server.sent = 0;
  const asked = vendorOf(server, timeoutMs)
    .ask(credentialOf(check))
    .catch((error: unknown) => error as Error);
  const verdict = await Promise.race([asked, patienceLost()]);
  const milliseconds = performance.now() - started;
  if (verdict === undefined) return { milliseconds, complaint: `it waits after ${MOST_MS} ms` };
  if (verdict instanceof Error) return { milliseconds, complaint: `it threw ${verdict.name}` };
  const complaint = complaintOf(verdict, server.sent, allowed);
  return { milliseconds, word: verdict.word, ...(complaint ? { complaint } : {}) };
}

function complaintOf(
  verdict: Verdict,
  sent: number,
  allowed: readonly VerdictWord[],
): string | undefined {
  if (!allowed.includes(verdict.word)) return `the verdict is ${verdict.word}`;
  if (sent > MOST_BYTES) return `it read ${Math.round(sent / 2 ** 20)} MB`;
  const told = JSON.stringify([verdict, explain(verdict)]);
  return told.includes(KEY) || told.includes(PAIRED) ? 'it repeats the key' : undefined;
}
