/** How a request is written; its answer is written likewise. */
export type Form = 'protobuf' | 'json';

/** @returns undefined of a Content-Type that OTLP/HTTP doesn't have */
export function formOf(contentType: string | undefined): Form | undefined {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/x-protobuf' || type === 'application/protobuf') return 'protobuf';
  return type === 'application/json' ? 'json' : undefined;
}
