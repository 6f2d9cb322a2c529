import type { Environments } from './environment-values.ts';

/** The one file to edit: your Amplitude projects and keys, per environment. */
export const environments: Environments = {
  dev: {
    amplitude: { organization: 'my-organization', projectId: '100001', dataResidency: 'US' },
    notify: [],
    keys: {
      server: {
        kind: 'ingestion',
        audience: 'server',
        owner: 'platform',
        purpose: 'Events of the backend services',
      },
    },
  },

  test: {
    amplitude: { organization: 'my-organization', projectId: '100002', dataResidency: 'US' },
    notify: [],
    keys: {
      server: {
        kind: 'ingestion',
        audience: 'server',
        owner: 'platform',
        purpose: 'Events of the backend services',
      },
    },
  },

  prod: {
    amplitude: { organization: 'my-organization', projectId: '100003', dataResidency: 'US' },
    notify: [],
    accessGuard: {},
    keys: {
      server: {
        kind: 'ingestion',
        audience: 'server',
        owner: 'platform',
        purpose: 'Events of the backend services',
      },
      'dify-web': {
        kind: 'ingestion',
        audience: 'browser',
        owner: 'platform',
        purpose: 'AMPLITUDE_API_KEY of the Dify web container',
        rotateEveryDays: 365,
      },
      export: {
        kind: 'secret',
        pairedWith: 'server',
        audience: 'server',
        owner: 'analytics',
        purpose: 'Nightly export of the project through the Dashboard REST API',
      },
    },
  },
};
