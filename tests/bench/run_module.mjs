// node run_module.mjs MODULE: runs a benchmark built for WebAssembly.
import { pathToFileURL } from 'node:url';

const { default: create } = await import(pathToFileURL(process.argv[2]).href);
await create({ onExit: (status) => process.exit(status) });
