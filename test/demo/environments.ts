import type { AmplitudeEndpoints, DataResidency } from '../../lambda/contract.ts';

/** The demo's environment: one key, and the stand-in's addresses in place of Amplitude's. */
const endpoints = JSON.parse(process.env.DEMO_AMPLITUDE_ENDPOINTS ?? '{}') as Record<
  DataResidency,
  AmplitudeEndpoints
>;

export const environments = {
  dev: {
    amplitude: { organization: 'acme', projectId: '100001', dataResidency: 'US', endpoints },
    accessGuard: { allowedRanges: ['192.0.2.0/24'], answer: 'quarantine' },
    relay: { key: 'web' },
    keys: {
      web: {
        kind: 'ingestion',
        audience: 'server',
        owner: 'growth',
        purpose: 'Events of the web application',
        consumers: [
          { role: 'arn:aws:iam::000000000000:role/backend', purpose: 'Sends the events' },
        ],
      },
    },
  },
};
