import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spansInJson } from '../../../lambda/adapters/otlp-json.ts';
import { spansInProtobuf } from '../../../lambda/adapters/otlp-protobuf.ts';
import { KeysError } from '../../../lambda/domain/errors.ts';
import type { Form } from '../../../lambda/domain/relay/intake/form.ts';
import { workflowRun } from '../../dify.ts';
import { otlpRequest } from '../../otlp-requests.ts';
import { told, WANTED } from './otlp-spans.ts';

const READERS = { protobuf: spansInProtobuf, json: spansInJson } as const;
const form = fc.constantFrom<Form>('protobuf', 'json');

/** A value, or a typed error that repeats nothing. */
function outcome(form: Form, body: Uint8Array): string {
  try {
    READERS[form](body, WANTED);
    return 'read';
  } catch (error) {
    return error instanceof KeysError ? error.code : `${error}`;
  }
}

describe('a request of OTLP', () => {
  it("is read as OpenTelemetry's exporters write it, and nothing is read that isn't wanted", () => {
    fc.assert(
      fc.property(form, fc.array(told, { maxLength: 5 }), (form, spans) => {
        const body = otlpRequest(
          form,
          spans.map(({ given }) => given),
        );
        const read = READERS[form](body, WANTED);
        expect(read.rejected).toBe(0);
        // An exporter puts the spans of one scope together
        expect(read.spans).toHaveLength(spans.length);
        expect(read.spans).toEqual(expect.arrayContaining(spans.map(({ expected }) => expected)));
        expect(read.scrubbed).toBe(spans.reduce((sum, one) => sum + one.scrubbed, 0));
      }),
      { seed: 90 },
    );
  });

  it.each(['protobuf', 'json'] as const)('may be empty: %s', (form) => {
    expect(READERS[form](new Uint8Array())).toEqual({ spans: [], rejected: 0, scrubbed: 0 });
    expect(READERS[form](otlpRequest(form, []))).toEqual({ spans: [], rejected: 0, scrubbed: 0 });
  });

  it('is read in part nowhere: cut off anywhere, it is a value of its own or an error', () => {
    const spans = workflowRun();
    for (const form of ['protobuf', 'json'] as const) {
      const body = otlpRequest(form, spans);
      const whole = READERS[form](body, WANTED).spans;
      for (let length = 0; length < body.length; length += 7) {
        const cut = outcome(form, body.subarray(0, length));
        if (length > 0) expect(cut, `${form} of ${length} bytes`).toBe('OTLP_UNREADABLE');
      }
      expect(whole).toHaveLength(spans.length);
    }
  });

  it('ends in a value or a typed error, whichever bytes are changed', () => {
    const bodies = fc
      .tuple(form, fc.array(told, { minLength: 1, maxLength: 3 }))
      .map(([form, spans]) => ({
        form,
        body: otlpRequest(
          form,
          spans.map(({ given }) => given),
        ),
      }));
    const edits = fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        byte: fc.nat(255),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(bodies, edits, ({ form, body }, edits) => {
        const changed = Uint8Array.from(body);
        for (const { at, byte } of edits) changed[Math.floor(at * changed.length)] = byte;
        expect(['read', 'OTLP_UNREADABLE']).toContain(outcome(form, changed));
      }),
      { seed: 90, numRuns: 1_000 },
    );
  });

  it('ends in a value or a typed error, whatever bytes it is', () => {
    fc.assert(
      fc.property(form, fc.uint8Array({ maxLength: 300 }), (form, body) => {
        expect(['read', 'OTLP_UNREADABLE']).toContain(outcome(form, body));
      }),
      { seed: 90, numRuns: 1_000 },
    );
  });
});
