import type { Environment } from '../../web/src/machine/environment.ts';
import { Machine } from '../../web/src/machine/machine.ts';
import type { ExitStatus, Process } from '../../web/src/machine/process.ts';
import { RingReader } from '../../web/src/trace/ring_reader.ts';

/** How often the rings of children are emptied, so that none waits for somebody to read them (ms). */
const period = 10;
const nowhere = { push: () => {} };

/**
 * Runs the program that the environment names in a machine of its own, from that entry point, until it
 * ends. What is left behind then is an error.
 */
export async function runHosted(
  environment: Environment,
  entryPoint: string,
  args: readonly string[],
  onLine: (line: string) => void,
): Promise<ExitStatus> {
  const machine = new Machine(environment, { spareHosts: 0, standbyDelay: 1e9, standbyTimeout: 1e9 });
  const readers = new Map<Process, RingReader>();
  const timer = setInterval(() => {
    for (const [child, reader] of readers) drain(child, reader);
  }, period);
  const drain = (child: Process, reader: RingReader) => {
    try {
      reader.drain(nowhere);
    } catch (error) {
      readers.delete(child);
      child.crash(String(error));
    }
  };
  try {
    const [demo = '', ...others] = args;
    // A flag of GoogleTest's without a value is one that is set.
    const parameters = Object.fromEntries(
      others.map((arg) => /^([^=]*)(?:=(.*))?$/s.exec(arg)!).map(([, name, value = '1']) => [name!, value]),
    );
    const first = machine.start({ entryPoint, demo, parameters });
    first.onPrint = onLine;
    first.onChild = (child) => {
      readers.set(child, new RingReader(child.memory!, child.control!.directory));
      child.onPrint = onLine;
      child.onEnding = () => readers.delete(child);
      void child.ended.then(({ reason, text }) => {
        if (reason === 'crashed') onLine(`process ${child.number}: ${text}`);
      });
    };
    const status = await first.ended;
    const { processes, memories, workers } = machine.live();
    if (processes + memories + workers === 0) return status;
    const text = `${processes} processes, ${memories} memories and ${workers} workers are left`;
    return { reason: 'crashed', code: status.code || 1, text };
  } finally {
    clearInterval(timer);
    machine.close();
  }
}
