import { describe, expect, it } from 'vitest';
import { parseDocument, serializeDocument } from '../../../lambda/adapters/key-document-json.ts';
import { PLACEHOLDER } from '../../../lambda/contract.ts';
import type { KeyDocument } from '../../../lambda/domain/key-document.ts';
import { fingerprintOf, SecretValue } from '../../../lambda/domain/secret-value.ts';

const KEY = 'c'.repeat(32);
const document: KeyDocument = {
  kind: 'ingestion',
  value: new SecretValue(KEY),
  name: 'web, 2026 Q4',
  held: ['aaaaaaaaaaaa'],
  replaces: { versionId: 'v1', content: 'key' },
};

describe("the JSON of a secret's version", () => {
  it('gives back the document it was made of', () => {
    expect(parseDocument(serializeDocument(document))).toEqual({ content: 'key', document });
  });

  it('is the same bytes each time, so that a repeated PutSecretValue is no change', () => {
    expect(serializeDocument(document)).toBe(serializeDocument({ ...document }));
  });

  it('holds an API key under apiKey and a secret key under secretKey', () => {
    expect(JSON.parse(serializeDocument(document)).apiKey).toBe(KEY);
    expect(JSON.parse(serializeDocument({ ...document, kind: 'secret' })).secretKey).toBe(KEY);
  });

  it('may be put by hand with the key alone', () => {
    const value = parseDocument(`{"apiKey":"${KEY}"}`);
    expect(value).toMatchObject({ content: 'key', document: { kind: 'ingestion' } });
    expect(value).not.toHaveProperty('document.held');
  });

  it('is recognised as the placeholder of an environment without a key', () => {
    expect(parseDocument(PLACEHOLDER)).toEqual({ content: 'placeholder' });
  });

  it('put by hand with keys among its names is read without them', () => {
    const held = ['aaaaaaaaaaaa', 'd'.repeat(32), `was ${'e'.repeat(32)}`];
    const value = parseDocument(JSON.stringify({ apiKey: KEY, name: `web ${KEY}`, held }));
    expect(value).toMatchObject({
      document: {
        name: 'web [redacted]',
        held: ['aaaaaaaaaaaa', fingerprintOf('d'.repeat(32)), 'was [redacted]'],
      },
    });
  });

  it('is a key once somebody wrote one beside the placeholder: consumers read it', () => {
    const written = { ...JSON.parse(PLACEHOLDER), apiKey: KEY };
    expect(parseDocument(JSON.stringify(written))).toMatchObject({ content: 'key' });
  });

  it.each([
    ['nothing but binary', undefined, 'binary'],
    ['no JSON', KEY, 'not JSON'],
    ['a cut-off text', `{"apiKey":"${KEY}`, 'not JSON'],
    ['a JSON string', `"${KEY}"`, 'fields'],
    ['a list', `["${KEY}"]`, 'fields'],
    ['null', 'null', 'fields'],
    ['a number for the key', '{"apiKey":1}', 'fields'],
    ['no key', '{}', 'exactly one of'],
    ['two keys', `{"apiKey":"${KEY}","secretKey":"${KEY}"}`, 'exactly one of'],
    ['a history that is no list', `{"apiKey":"${KEY}","held":"x"}`, 'fields'],
  ])('is malformed with %s, and the reason does not quote it', (_, text, reason) => {
    const value = parseDocument(text);
    expect(value).toMatchObject({ content: 'malformed', reason: expect.stringContaining(reason) });
    expect(JSON.stringify(value)).not.toContain(KEY);
  });
});
