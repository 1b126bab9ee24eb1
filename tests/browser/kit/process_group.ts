import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { pause } from './deadline.ts';

/** Groups that are alive, so that none outlives the tests. */
const alive = new Set<ProcessGroup>();

process.on('exit', () => {
  for (const group of alive) group.killNow();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(130));
}

export interface SpawnOptions {
  env?: NodeJS.ProcessEnv;
  /** Calls back with each line of the standard output and error. */
  onLine?: (line: string) => void;
}

/** A program and everything it starts: browsers are a dozen processes, and all of them have to go. */
export class ProcessGroup {
  readonly child: ChildProcess;
  readonly name: string;
  /** Resolves with a description of how the program itself ended. */
  readonly ended: Promise<string>;
  /** The last lines it wrote. */
  readonly lastLines: string[] = [];

  constructor(command: string, args: string[], { env, onLine }: SpawnOptions = {}) {
    this.name = command.replace(/.*\//, '');
    const stdio: StdioOptions = ['ignore', 'pipe', 'pipe'];
    this.child = spawn(command, args, { detached: true, stdio, env: env ?? process.env });
    alive.add(this);
    const keep = (line: string) => {
      if (this.lastLines.push(line) > 40) this.lastLines.shift();
      onLine?.(line);
    };
    readLines(this.child, keep);
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => resolve(`could not be started: ${error.message}`));
      this.child.once('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with ${code}`));
    });
  }

  killNow(): void {
    alive.delete(this);
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // Nobody is left.
    }
  }

  /** Ends every process of the group and waits until they are gone. */
  async kill(): Promise<void> {
    this.killNow();
    for (let tries = 0; tries < 200 && this.#isThere(); tries += 1) await pause(25);
  }

  #isThere(): boolean {
    if (this.child.pid === undefined) return false;
    try {
      return process.kill(-this.child.pid, 0);
    } catch {
      return false;
    }
  }
}

function readLines(child: ChildProcess, onLine: (line: string) => void): void {
  for (const stream of [child.stdout!, child.stderr!]) {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) if (line.trim() !== '') onLine(line);
    });
    stream.on('close', () => {
      if (rest.trim() !== '') onLine(rest);
    });
  }
}
