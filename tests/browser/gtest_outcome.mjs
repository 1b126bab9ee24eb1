// What became of a GoogleTest program in a browser, by what it printed and how it ended.

/**
 * How many tests passed and failed, each failed test with its output, and what went wrong otherwise.
 * @param {{lines: string[], status?: number, crash?: string, timeout?: boolean}} outcome
 */
export function judge({ lines, status, crash, timeout }) {
  const passed = lines.filter((line) => /^\[ {7}OK \] .*\(\d+ ms\)$/.test(line)).length;
  const failures = failedTests(lines);
  let failed = failures.length;
  const wrong = [];
  if (timeout) wrong.push('did not end in time');
  if (crash !== undefined) wrong.push(`crashed: ${crash}`);
  const running = timeout || crash !== undefined ? unfinishedTest(lines) : undefined;
  if (running !== undefined) wrong.push(`in ${running}`);
  if (status !== undefined && status !== 0) wrong.push(`ended with status ${status}`);
  if (wrong.length === 0 && passed + failed === 0) wrong.push('no tests ran');
  // Whatever went wrong otherwise than by a failing test counts as one.
  if (wrong.length > 0 && failed === 0) failed = 1;
  return { passed, failed, failures, wrong };
}

/** Each test that failed: its name, how long it took, what it printed. */
function failedTests(lines) {
  const found = [];
  let begun = 0;
  lines.forEach((line, index) => {
    if (/^\[ RUN {6}\] /.test(line)) begun = index + 1;
    const [, name, milliseconds] = /^\[ {2}FAILED {2}\] ([^\s,]+).* \((\d+) ms\)$/.exec(line) ?? [];
    if (name !== undefined) found.push({ name, seconds: Number(milliseconds) / 1000, output: lines.slice(begun, index) });
  });
  return found;
}

/** The test in which a program was when it ended or was ended. */
function unfinishedTest(lines) {
  const name = /^\[ RUN {6}\] (\S+)$/.exec(lines.findLast((line) => line.startsWith('[ RUN')) ?? '')?.[1];
  return name === undefined || lines.some((line) => line.includes(`] ${name} (`) || line.includes(`] ${name}, `)) ? undefined : name;
}
