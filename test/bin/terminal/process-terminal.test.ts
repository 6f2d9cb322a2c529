import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { whereLocalAwsIs } from '../../aws/local/suite.ts';

/** Runs a command on a terminal of its own, presses Ctrl-C once it shows `Working`, ends as it ended. */
const PRESS_CTRL_C = `
import fcntl, os, pty, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 120, 0, 0))
shown = b""
pressed = False
while True:
    try:
        part = os.read(terminal, 1024)
    except OSError:
        break
    if not part:
        break
    shown += part
    if b"Working" in shown and not pressed:
        os.write(terminal, b"\\x03")
        pressed = True
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;
const PROGRAM = `
import { processTerminal } from './bin/terminal/process-terminal.ts';
processTerminal().progress().start('Working');
`;

whereLocalAwsIs('Ctrl-C while a command works', () => {
  it('fails the command and says where to look at what it began', async () => {
    const command = [process.execPath, '--input-type=module', '--eval', PROGRAM];
    const child = spawn('python3', ['-c', PRESS_CTRL_C, ...command], { timeout: 9_000 });
    const [shown, code] = await Promise.all([
      text(child.stdout),
      new Promise((resolve) => child.on('close', resolve)),
    ]);
    expect(shown).toContain('npx keyctl status');
    expect(code).toBe(130);
  });
});
