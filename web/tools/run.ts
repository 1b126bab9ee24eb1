#!/usr/bin/env node
// Runs a demo of the WebAssembly core in Node, on the same machine that runs it on the page.
//   node run.ts DEMO [--name=value…] [--trace FILE.weft] [--core core.mjs]
import { writeFile } from 'node:fs/promises';
import { writeTraceFile } from '../src/trace/file.ts';
import { coreAt, runDemo } from './demo_runner.ts';

const usage = 'usage: node run.ts DEMO [--name=value…] [--trace FILE.weft] [--core core.mjs]';
const usageStatus = 2;

interface Options {
  demo: string;
  parameters: Record<string, string>;
  trace?: string;
  core?: string;
}

/** Every option but `--trace` and `--core` is a parameter of the demo. */
function readOptions(args: readonly string[]): Options | null {
  const options: Options = { demo: '', parameters: {} };
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index]!;
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === 'trace' || name === 'core') {
      const path = value ?? args[++index];
      if (path === undefined) return null;
      options[name] = path;
    } else if (name !== undefined) {
      if (value === undefined) return null;
      options.parameters[name] = value;
    } else if (options.demo === '' && !arg.startsWith('-')) {
      options.demo = arg;
    } else {
      return null;
    }
  }
  return options.demo === '' ? null : options;
}

async function main(options: Options): Promise<number> {
  const { run, status } = await runDemo(coreAt(options.core), options.demo, options.parameters, {
    onLine: (text, isError) => (isError ? console.error(text) : console.log(text)),
    onResult: (text) => console.log(`result ${text}`),
    onCheck: (name, holds) => console.log(`check ${name}: ${holds ? 'holds' : 'does NOT hold'}`),
  });
  if (options.trace !== undefined) {
    const file = await writeTraceFile(run.trace, run.header());
    await writeFile(options.trace, file.stream());
  }
  const { trace } = run;
  console.log(`${status.reason} with ${status.code}; ${trace.length} records, ${trace.dropped} lost`);
  if (status.text !== '') console.error(status.text);
  return status.code;
}

const options = readOptions(process.argv.slice(2));
if (options) {
  process.exitCode = await main(options);
} else {
  console.error(usage);
  process.exitCode = usageStatus;
}
