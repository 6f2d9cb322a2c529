import * as fc from 'fast-check';
import { edited } from '../json-edits.ts';
import { alien, worn } from '../text-edits.ts';

/** One HTTP answer that comes whole. */
export interface WholeAnswer {
  readonly status: number;
  readonly body: string;
}

const KEY = 'deadbeef01234567'.repeat(2);
const BODIES = [
  { data: { status: 'observed', window: { lookback_hours: 8, basis: 'server_upload_time' } } },
  { error_code: 'invalid_api_key', message: `Invalid API key: ${KEY}` },
  { error_code: 'operation_not_enabled' },
  { code: 200, events_ingested: 1, payload_size_bytes: 200 },
  { code: 400, error: `Invalid API key: ${KEY}` },
  { data: [{ id: 160_419, label: 'First' }] },
];

/** Those that mean something, and some that do not. */
const status = fc.constantFrom(200, 200, 400, 400, 401, 401, 403, 404, 418, 302);

const json = fc.constantFrom(...BODIES).chain(edited);
const body = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...BODIES).map((one) => JSON.stringify(one)) },
  { weight: 6, arbitrary: json },
  { weight: 3, arbitrary: worn(json) },
  { weight: 1, arbitrary: alien },
);

export const wholeAnswer: fc.Arbitrary<WholeAnswer> = fc
  .record({ status, body })
  // What is longer than anybody reads is among the garbage
  .filter((one) => one.body.length < 60_000);
