/** SQS as the SDK talks to it on the wire. */
export async function sqs(
  endpoint: string,
  action: string,
  input: object,
): Promise<Record<string, unknown>> {
  const scope = '000000000000/20260101/us-east-1/sqs/aws4_request';
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}`,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${action}`,
    },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${action}: ${text}`);
  return text === '' ? {} : JSON.parse(text);
}
