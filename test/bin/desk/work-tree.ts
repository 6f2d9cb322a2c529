import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const IDENTITY = {
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.com',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.com',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

/** A folder of its own with real files, and a real repository once it is asked for. */
export class WorkTree {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'scan-')));
  #day = 1;

  static repository(): WorkTree {
    const tree = new WorkTree();
    tree.git('init', '--quiet', '--initial-branch=main', '.');
    return tree;
  }

  at(name: string): string {
    return join(this.path, name);
  }

  write(name: string, content: string | Buffer): string {
    const path = this.at(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** Adds all, a day after the commit before. */
  commit(message: string, ...options: readonly string[]): string {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--no-verify', '--allow-empty', '-m', message, ...options);
    this.#day += 1;
    return this.git('rev-parse', 'HEAD');
  }

  git(...args: readonly string[]): string {
    const date = `2026-08-0${this.#day}T12:00:00Z`;
    const env = { ...process.env, ...IDENTITY, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    const told = execFileSync('git', [...args], { cwd: this.path, env, stdio: 'pipe' });
    return told.toString().trim();
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
