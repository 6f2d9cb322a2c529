import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The demo takes the longest and mostly waits: whatever else there is runs beside it. */
export class DemoFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isDemo = ({ moduleId }: TestSpecification) => moduleId.endsWith('/demo.test.ts');
    const sorted = await super.sort(files);
    return [...sorted.filter(isDemo), ...sorted.filter((file) => !isDemo(file))];
  }
}
