/**
 * Runs before everything else in the page and keeps what goes wrong there, over reloads.
 * Faults of workers that the page handles do not get here.
 */

const key = 'weft-test faults';

function keep(text: string): void {
  const faults = JSON.parse(sessionStorage.getItem(key) ?? '[]') as string[];
  faults.push(text);
  sessionStorage.setItem(key, JSON.stringify(faults));
}

const describe = (thrown: unknown) =>
  thrown instanceof Error ? `${thrown.name}: ${thrown.message}\n${thrown.stack ?? ''}` : String(thrown);

addEventListener(
  'error',
  (event: Event) => {
    if (event instanceof ErrorEvent) {
      keep(`uncaught: ${event.message} (${event.filename}:${event.lineno})`);
    } else {
      const target = event.target as Element;
      keep(`could not be loaded: ${target.outerHTML?.slice(0, 200)}`);
    }
  },
  { capture: true },
);

addEventListener('unhandledrejection', (event) => keep(`unhandled rejection: ${describe(event.reason)}`));

addEventListener('securitypolicyviolation', (event) =>
  keep(`policy violation: ${event.violatedDirective} ${event.blockedURI} (${event.sourceFile}:${event.lineNumber}) ${event.sample}`),
);

for (const level of ['error', 'warn', 'assert'] as const) {
  const usual = console[level];
  console[level] = (...values: unknown[]) => {
    if (level !== 'assert') keep(`console.${level}: ${values.map(describe).join(' ')}`);
    else if (!values[0]) keep(`console.assert: ${values.slice(1).map(describe).join(' ')}`);
    usual.apply(console, values as []);
  };
}
