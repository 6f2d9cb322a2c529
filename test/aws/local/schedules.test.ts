import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { logLinesOf } from './logs.ts';
import { deploy, remove, type Template } from './stack.ts';
import { describeOnLocalAws, type Suite } from './suite.ts';

const HOUR = 3_600_000;

interface Invocation {
  readonly schedule: string;
  readonly at: number;
}

/** A second schedule, looked at after the first, tells when the first had its chance. */
describeOnLocalAws("the local AWS's Scheduler", (suite) => {
  it('invokes once an hour has passed, not before, with the input of its target', async () => {
    await deploy(suite().aws, 'Sweep', template());
    const due = advance(suite(), HOUR);
    const [first] = await invocations(suite(), 'sweep', 1);
    expect(first?.at).toBeGreaterThanOrEqual(due);
  });

  it('invokes once for a jump of many hours', async () => {
    advance(suite(), 700 * HOUR);
    await invocations(suite(), 'sweep', 2);
    const due = advance(suite(), HOUR);
    const third = (await invocations(suite(), 'sweep', 3))[2];
    expect(third?.at).toBeGreaterThanOrEqual(due);
  });

  it('is turned off by CloudFormation', async () => {
    await deploy(suite().aws, 'Sweep', template({ State: 'DISABLED' }));
    const seen = await invocations(suite(), 'witness', 3);
    advance(suite(), HOUR);
    await invocations(suite(), 'witness', seen.length + 1);
    expect(await invocations(suite(), 'sweep', 3)).toHaveLength(3);
  });

  it('counts anew when it was deleted and is made again', async () => {
    const { aws } = suite();
    await remove(aws, 'Sweep');
    advance(suite(), 5 * HOUR);
    await deploy(aws, 'Sweep', template());
    const due = advance(suite(), HOUR);
    const fourth = (await invocations(suite(), 'sweep', 4))[3];
    expect(fourth?.at).toBeGreaterThanOrEqual(due);
  });
});

/** @returns the time of the moved clock */
function advance({ aws }: Suite, milliseconds: number): number {
  aws.clock.advance(milliseconds);
  return Date.now() + aws.clock.offset() - 1_000;
}

/** Once there are that many. */
const invocations = ({ aws }: Suite, schedule: string, times: number) =>
  eventually(async () => {
    const all = (await logLinesOf(aws, 'sweep')) as Invocation[];
    const own = all.filter((one) => one.schedule === schedule);
    return own.length >= times && own;
  });

function template(changes: { State?: string } = {}): Template {
  return {
    Resources: {
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'sweep',
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Role: 'arn:aws:iam::000000000000:role/sweep',
          Code: { ZipFile: code },
        },
      },
      Sweep: hourly('sweep', changes),
      Witness: hourly('witness', {}),
    },
  };
}

const hourly = (name: string, changes: { State?: string }) => ({
  Type: 'AWS::Scheduler::Schedule',
  Properties: {
    Name: name,
    ScheduleExpression: 'rate(1 hour)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: { 'Fn::GetAtt': ['Function', 'Arn'] },
      RoleArn: 'arn:aws:iam::000000000000:role/scheduler',
      Input: JSON.stringify({ schedule: name }),
    },
    ...changes,
  },
});

const code = `
exports.handler = async (event) => console.log(JSON.stringify({ ...event, at: Date.now() }));
`;
