/** What turns a run into a file: loaded when somebody saves one. */
export { chromeJson } from '../trace/chrome_json.ts';
export { writeTraceFile } from '../trace/file.ts';
