#!/usr/bin/env node
// Runs a GoogleTest program of which the machine hosts the processes, in Node:
//   node gtest_host.ts PROGRAM.mjs [--gtest_…]
import { pathToFileURL } from 'node:url';
import { nodeEnvironment } from '../../web/src/machine/node.ts';
import { runHosted } from './hosted_run.ts';

const [program, ...args] = process.argv.slice(2);
if (program === undefined) {
  console.error('usage: node gtest_host.ts PROGRAM.mjs [--gtest_…]');
  process.exit(2);
}
const { code, text } = await runHosted(nodeEnvironment(pathToFileURL(program)), args, console.log);
if (text !== '') console.error(text);
process.exitCode = code;
