import { describe, expect, it } from 'vitest';
import { queriesFor } from '../../../lambda/adapters/insights-queries.ts';
import { question } from './leak.ts';

describe('the queries of Logs Insights', () => {
  it('are not changed by the version id or label that whoever put a value chose', () => {
    const odd = '" or ispresent(@message) | limit 1 #';
    const wanted = { of: 'version' as const, versionId: odd, labels: [odd], tenures: [] };
    const { readers } = queriesFor({ ...question, wanted });
    expect(readers).not.toContain('" or');
    expect(readers).not.toContain('(@message)');
  });
});
