import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { PbfReader } from 'pbf';
import { describe, expect, it } from 'vitest';
import { exportAnswer, failureAnswer, rpcCode } from '../../../lambda/adapters/otlp-answer.ts';
import type { Form } from '../../../lambda/domain/relay/intake/form.ts';

const PARTIAL = { rejectedSpans: 300, errorMessage: 'Spans without an id of their own: 300.' };
const SERIALIZERS = { protobuf: ProtobufTraceSerializer, json: JsonTraceSerializer } as const;
const understood = (form: Form, body: Uint8Array) => SERIALIZERS[form].deserializeResponse(body);

describe('an answer of OTLP/HTTP', () => {
  it('is empty of a full success', () => {
    const { contentType, body } = exportAnswer('protobuf');
    expect({ contentType, body: [...body] }).toEqual({
      contentType: 'application/x-protobuf',
      body: [],
    });
    expect(Buffer.from(exportAnswer('json').body).toString()).toBe('{}');
    expect(exportAnswer('json').contentType).toBe('application/json');
  });

  it.each(['protobuf', 'json'] as const)('tells OpenTelemetry of rejected spans in %s', (form) => {
    const { partialSuccess } = understood(form, exportAnswer(form, PARTIAL).body);
    expect(partialSuccess?.errorMessage).toBe(PARTIAL.errorMessage);
    expect(Number(partialSuccess?.rejectedSpans)).toBe(300);
  });

  it('writes a 64-bit integer as a text in JSON', () => {
    expect(JSON.parse(Buffer.from(exportAnswer('json', PARTIAL).body).toString())).toEqual({
      partialSuccess: { ...PARTIAL, rejectedSpans: '300' },
    });
  });

  it('tells of a failure as google.rpc.Status', () => {
    const json = failureAnswer('json', rpcCode.unavailable, 'Later.');
    expect(JSON.parse(Buffer.from(json.body).toString())).toEqual({ code: 14, message: 'Later.' });
    const { body } = failureAnswer('protobuf', rpcCode.unavailable, 'Später.');
    const status = { code: 0, message: '' };
    new PbfReader(body).readFields((field, into, reader) => {
      if (field === 1) into.code = reader.readVarint();
      if (field === 2) into.message = reader.readString();
    }, status);
    expect(status).toEqual({ code: 14, message: 'Später.' });
  });
});
