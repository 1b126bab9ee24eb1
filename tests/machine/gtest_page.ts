// Runs one GoogleTest program, named in the query, of which the machine hosts the processes.
import { browserEnvironment } from '../../web/src/machine/browser.ts';
import { end, query, tell } from '../browser/gtest_report.mjs';
import { runHosted } from './hosted_run.ts';

const core = query.get('module')!;
const environment = browserEnvironment({
  host: 'host.js',
  pulse: 'pulse.js',
  core,
  wasm: core.replace(/\.mjs$/, '.wasm'),
});
runHosted(environment, 'tests', ['--gtest_color=no'], tell).then(
  ({ code, text }) => end(text === '' ? { status: code } : { crash: text }),
  (error: unknown) => end({ crash: String(error) }),
);
