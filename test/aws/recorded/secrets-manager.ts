import { labelRows } from './labels.ts';
import { readRows } from './reads.ts';
import { refusalRows } from './refusals.ts';
import { rotationRows } from './rotation.ts';

/** What real AWS answered, recorded by LocalStack's maintainers: any emulator must agree. */
export const rows = [...labelRows, ...readRows, ...rotationRows, ...refusalRows].sort(
  (a, b) => a.row - b.row,
);
