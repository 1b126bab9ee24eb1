// Reports one run, named in the query, to the server that served this page: lines as they come, and
// how it ended.
export const query = new URLSearchParams(location.search);

let lines = [];
let sending = Promise.resolve();

/** One report after the other, so that they arrive in order. */
function report(message) {
  sending = sending.then(() => fetch('/report', { method: 'POST', body: JSON.stringify({ run: query.get('run'), ...message }) }));
}

function flush() {
  if (lines.length === 0) return;
  report({ lines });
  lines = [];
}

setInterval(flush, 200);

/** @param {string} line */
export function tell(line) {
  lines.push(line);
}

/** @param {{status: number} | {crash: string}} how */
export function end(how) {
  flush();
  report(how);
}
