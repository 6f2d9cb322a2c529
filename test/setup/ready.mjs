// Installs what is missing, so that one command works from a bare clone on any Node 18 or later:
// the packages, and with no argument what tests and demo need besides.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '..', '..');
const at = (...parts) => join(root, ...parts);
const hashOf = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** A marker is written last, so that what was interrupted is done again. */
function isDone(marker, hash) {
  return existsSync(marker) && readFileSync(marker, 'utf8') === hash;
}

function run(command, args, { cwd = root, quiet = false } = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status === 0) return true;
  if (error?.code !== 'ENOENT' && !quiet) process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  return false;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** npm ci deletes what is in the folder first, through a link as well. */
function refuseLink(folder) {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  fail(
    `${folder} is a link to ${readlinkSync(folder)}, where npm ci would delete all packages. Remove the link and run this again, or install there.`,
  );
}

function installPackages() {
  const hash = hashOf(at('package-lock.json'));
  const marker = at('node_modules', '.installed');
  if (isDone(marker, hash)) return;
  refuseLink(at('node_modules'));
  process.stderr.write('Installing packages…\n');
  if (!run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])) {
    fail('npm ci failed; its output is above. Run it again once the cause is mended.');
  }
  writeFileSync(marker, hash);
}

/** Python packages in a folder of their own, pinned with everything they need. */
function installPython(name, requirements, folder, skipped) {
  const hash = hashOf(requirements);
  const marker = join(folder, 'installed');
  if (isDone(marker, hash)) return;
  process.stderr.write(`Installing ${name}…\n`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  const pip = join(folder, 'bin', 'pip');
  if (
    run('python3', ['-m', 'venv', folder]) &&
    run(pip, ['install', '--quiet', '--disable-pip-version-check', '-r', requirements])
  ) {
    writeFileSync(marker, hash);
    return;
  }
  const message = `No ${name}: ${skipped} To get it, install Python 3.10 or later with venv and run this again.`;
  if (process.env.CI) fail(message);
  process.stderr.write(`${message}\n`);
}

function installLocalAws() {
  const requirements = at('test', 'aws', 'local', 'requirements.txt');
  installPython('local AWS', requirements, at('.local', 'aws'), 'its suites are skipped.');
}

function installCfnLint() {
  const requirements = at('test', 'setup', 'cfn-lint.txt');
  installPython('cfn-lint', requirements, at('.local', 'cfn-lint'), 'its test is skipped.');
}

/** Needs no root: where the machine has no package lists, apt keeps its own in the folder. */
function downloadPrometheus(cwd) {
  const quiet = true;
  if (run('apt-get', ['download', 'prometheus'], { cwd, quiet })) return true;
  const own = ['lists', 'cache'].map((name) => join(cwd, name));
  for (const folder of own) mkdirSync(join(folder, 'partial'), { recursive: true });
  const options = ['-o', `Dir::State::Lists=${own[0]}`, '-o', `Dir::Cache=${own[1]}`];
  return (
    run('apt-get', ['update', ...options], { cwd }) &&
    run('apt-get', ['download', 'prometheus', ...options], { cwd })
  );
}

function unpack(cwd) {
  const [file] = readdirSync(cwd).filter((name) => /^prometheus_.*\.deb$/.test(name));
  return file !== undefined && run('dpkg-deb', ['-x', file, '.'], { cwd });
}

function installPromtool() {
  const folder = at('.local', 'promtool');
  const file = join(folder, 'promtool');
  if (existsSync(file) || run('promtool', ['--version'], { quiet: true })) return;
  process.stderr.write('Fetching promtool…\n');
  rmSync(folder, { recursive: true, force: true });
  const parts = join(folder, 'parts');
  mkdirSync(parts, { recursive: true });
  if (downloadPrometheus(parts) && unpack(parts)) {
    renameSync(join(parts, 'usr', 'bin', 'promtool'), file);
    rmSync(parts, { recursive: true });
    return;
  }
  const message =
    'No promtool: its test is skipped. To get it, put promtool of Prometheus 2.40 or later on the PATH; on Debian and Ubuntu this fetches it.';
  if (process.env.CI) fail(message);
  process.stderr.write(`${message}\n`);
}

installPackages();
if (process.argv[2] !== 'packages') {
  installLocalAws();
  installCfnLint();
  installPromtool();
}
