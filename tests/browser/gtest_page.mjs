// Runs one GoogleTest module, named in the query, in a worker.
import { end, query, tell } from './gtest_report.mjs';

const worker = new Worker(new URL('gtest_worker.mjs', import.meta.url), { type: 'module' });
worker.onmessage = ({ data }) => {
  if (data.line !== undefined) tell(data.line);
  else end(data);
};
// An uncaught exception or a trap in a thread of the module comes here and nowhere else.
worker.onerror = (event) => end({ crash: event.message || 'an error without a message' });
worker.onmessageerror = () => end({ crash: 'a message that could not be read' });
worker.postMessage({ module: query.get('module') });
