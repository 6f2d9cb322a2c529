import { expect, it } from 'vitest';
import { formOf } from '../../../../../lambda/domain/relay/intake/form.ts';

it.each([
  ['application/x-protobuf', 'protobuf'],
  ['application/protobuf', 'protobuf'],
  ['application/x-protobuf; charset=utf-8', 'protobuf'],
  ['Application/JSON', 'json'],
  ['application/json;charset=utf-8', 'json'],
  ['text/plain', undefined],
  ['application/x-www-form-urlencoded', undefined],
  ['', undefined],
  [undefined, undefined],
])('a request of Content-Type %s is written in %s', (contentType, form) => {
  expect(formOf(contentType)).toBe(form);
});
