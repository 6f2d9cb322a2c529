/** What a program sends; headers in lower case. */
export interface Sent {
  readonly path: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly address?: string;
}

let requests = 0;

/**
 * A request as an HTTP API hands it to a function. What isn't text by its Content-Type is in base64,
 * as it was found to be on AWS: https://github.com/ministackorg/ministack/pull/766
 */
export function httpEvent({ path, body = '', headers = {}, method = 'POST', address }: Sent) {
  requests += 1;
  const type = headers['content-type'] ?? '';
  const isText = /^(text\/|application\/(json|xml|javascript))/.test(type);
  const bytes = Buffer.from(body);
  return {
    version: '2.0',
    routeKey: `${method} ${path}`,
    rawPath: path,
    rawQueryString: '',
    headers: { host: 'abc123.execute-api.us-east-1.amazonaws.com', ...headers },
    requestContext: {
      accountId: '111122223333',
      apiId: 'abc123',
      domainName: 'abc123.execute-api.us-east-1.amazonaws.com',
      http: {
        method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: address ?? '198.51.100.7',
        userAgent: 'OTel-OTLP-Exporter-Python/1.29.0',
      },
      requestId: `JKJaXmPLvHcE${requests}=`,
      routeKey: `${method} ${path}`,
      stage: '$default',
      time: '24/Nov/2026:00:00:00 +0000',
      timeEpoch: 1_795_478_400_000,
    },
    ...(bytes.length > 0 ? { body: bytes.toString(isText ? 'utf8' : 'base64') } : {}),
    isBase64Encoded: bytes.length > 0 && !isText,
  };
}
