import { scan } from './scan.ts';

const rows = await scan.measure({ progress: (text) => process.stderr.write(`${text}\n`) });
console.log(JSON.stringify(rows, null, 2));
