import { fileURLToPath } from 'node:url';
import { within } from '../kit/deadline.ts';
import type { Part } from '../kit/part.ts';
import { ProcessGroup } from '../kit/process_group.ts';

const program = fileURLToPath(new URL('../gtest.mjs', import.meta.url));
/** For all suites; each has a limit of its own. */
const limit = 1_800_000;

/** The GoogleTest suites of the core in a browser, and the canaries that show that they can fail. */
export const gtest: Part = async ({ report, isWanted }) => {
  for (const [name, args] of [
    ['gtest', []],
    ['gtest: canaries', ['--self-test']],
  ] as const) {
    if (!isWanted(name)) continue;
    const began = performance.now();
    const lines: string[] = [];
    const group = new ProcessGroup(process.execPath, [program, ...args], { onLine: (line) => lines.push(line) });
    const how = await within(limit, name, group.ended).catch((error: Error) => error.message);
    await group.kill();
    const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(lines.at(-1) ?? '') ?? [];
    const isGreen = how === 'ended with 0' && Number(passed) > 0 && failed === '0';
    console.log(lines.slice(0, -1).join('\n'));
    report.passed += Number(passed ?? 0);
    report.failed += Number(failed ?? 0);
    if (!isGreen && !(Number(failed) > 0)) report.fail(name, performance.now() - began, `${program} ${how}: ${lines.slice(-5).join('\n')}`);
  }
};
