// Loaded before every function's code: its clock is the local AWS's, which a file moves forward.
const { readFileSync, statSync } = require('node:fs');

const RealDate = Date;
const file = process.env.LOCAL_AWS_CLOCK;
let stamp;
let ahead = 0;

function offset() {
  const changed = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (changed !== undefined && changed !== stamp) {
    ahead = Number(readFileSync(file, 'utf8')) * 1000;
    stamp = changed;
  }
  return ahead;
}

class MovedDate extends RealDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [RealDate.now() + offset()] : parts));
  }

  static now() {
    return RealDate.now() + offset();
  }
}

Object.defineProperty(MovedDate, 'name', { value: 'Date' });
globalThis.Date = MovedDate;
