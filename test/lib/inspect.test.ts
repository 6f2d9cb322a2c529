import { describe, expect, it } from 'vitest';
import { allows, resourcesOf, statementsOf, synthesize } from './synthesized.ts';

const variablesOf = (template: ReturnType<typeof synthesize>) =>
  resourcesOf(template, 'AWS::Lambda::Function').find(
    ({ Properties }) => Properties.FunctionName === 'amplitude-dev-inspect',
  )?.Properties.Environment;
const resourcesFor = (template: ReturnType<typeof synthesize>, action: string) =>
  statementsOf(template, 'InspectFunction')
    .filter((one) => allows(one, action))
    .map(({ Resource }) => Resource);

describe('for an assessment, the inspect function', () => {
  it("asks CloudTrail's own events, and may start no query, where there is no log group", () => {
    const template = synthesize();
    expect(resourcesFor(template, 'cloudtrail:LookupEvents')).toEqual(['*']);
    for (const action of ['logs:StartQuery', 'logs:GetQueryResults', 'logs:StopQuery']) {
      expect(resourcesFor(template, action)).toEqual([]);
    }
    expect(variablesOf(template)).toMatchObject({ Variables: { CLOUDTRAIL_LOG_GROUP: '' } });
  });

  it('starts queries in the configured log group and in no other', () => {
    const template = synthesize({ cloudTrailLogGroup: 'org/cloudtrail' });
    const parts = ['arn:', ':logs:', ':log-group:org/cloudtrail:*'];
    expect(resourcesFor(template, 'logs:StartQuery')).toEqual([
      { 'Fn::Join': ['', expect.arrayContaining(parts)] },
    ]);
    for (const action of ['logs:GetQueryResults', 'logs:StopQuery', 'cloudtrail:LookupEvents']) {
      expect(resourcesFor(template, action)).toEqual(['*']);
    }
    expect(variablesOf(template)).toMatchObject({
      Variables: { CLOUDTRAIL_LOG_GROUP: 'org/cloudtrail' },
    });
  });
});
