#!/usr/bin/env node
// Runs a program of which the machine hosts the processes, in Node:
//   node host.ts tests PROGRAM.mjs [--gtest_…]     of GoogleTest, see gtest.cpp
//   node host.ts program PROGRAM.mjs               any other, see program.cpp
import { pathToFileURL } from 'node:url';
import { nodeEnvironment } from '../../web/src/machine/node.ts';
import { runHosted } from './hosted_run.ts';

const [entryPoint, program, ...args] = process.argv.slice(2);
if (entryPoint === undefined || program === undefined) {
  console.error('usage: node host.ts tests|program PROGRAM.mjs [argument…]');
  process.exit(2);
}
const environment = nodeEnvironment(pathToFileURL(program));
const { code, text } = await runHosted(environment, entryPoint, args, console.log);
if (text !== '') console.error(text);
process.exitCode = code;
