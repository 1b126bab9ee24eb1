import { within } from '../kit/deadline.ts';
import { ProcessGroup } from '../kit/process_group.ts';
import { findProgram } from './find_program.ts';

/** A display without a screen, at a number that is free. */
export async function startDisplay(): Promise<{ group: ProcessGroup; display: string }> {
  let found: (display: string) => void = () => {};
  const number = new Promise<string>((resolve) => (found = resolve));
  // The number that it chooses is a line of its own on the standard output.
  const group = new ProcessGroup(findProgram('XVFB', ['Xvfb']), ['-displayfd', '1', '-screen', '0', '1440x1024x24', '-nolisten', 'tcp'], {
    onLine: (line) => {
      if (/^\d+$/.test(line)) found(line);
    },
  });
  const failed = group.ended.then((how) => {
    throw new Error(`Xvfb ${how}: ${group.lastLines.join(' ')}`);
  });
  failed.catch(() => {});
  const display = await within(20_000, 'Xvfb starts', Promise.race([number, failed]));
  return { group, display: `:${display}` };
}
