// Runs one GoogleTest module, named in the query, in a worker, as the machine runs a process, and
// reports to the server that served this page: lines as they come, and how it ended.
const query = new URLSearchParams(location.search);
const worker = new Worker(new URL('gtest_worker.mjs', import.meta.url), { type: 'module' });

let lines = [];
let sending = Promise.resolve();

/** One report after the other, so that they arrive in order. */
function report(message) {
  sending = sending.then(() =>
    fetch('/report', { method: 'POST', body: JSON.stringify({ run: query.get('run'), ...message }) }),
  );
}
function flush() {
  if (lines.length === 0) return;
  report({ lines });
  lines = [];
}
function end(how) {
  flush();
  report(how);
}

setInterval(flush, 200);
worker.onmessage = ({ data }) => {
  if (data.line !== undefined) lines.push(data.line);
  else end(data);
};
// An uncaught exception or a trap in a thread of the module comes here and nowhere else.
worker.onerror = (event) => end({ crash: event.message || 'an error without a message' });
worker.onmessageerror = () => end({ crash: 'a message that could not be read' });
worker.postMessage({ module: query.get('module') });
