/** Runs in the page: does the scenario that the address names and reports to the server what came of it. */

import { scenarios } from './scenarios/index.ts';
import type { Stage } from './scenario.ts';
import { pause } from './wait.ts';

const query = new URLSearchParams(location.search);
const run = query.get('run') ?? sessionStorage.getItem('weft-test run') ?? '';
const name = query.get('scenario') ?? sessionStorage.getItem('weft-test scenario') ?? '';
sessionStorage.setItem('weft-test run', run);
sessionStorage.setItem('weft-test scenario', name);

const faultsKey = 'weft-test faults';
const keptKey = `weft-test kept ${run} ${name}`;

async function send<T>(route: string, body: string | undefined): Promise<T> {
  const init = body === undefined ? {} : { method: 'POST', body };
  const response = await fetch(`/__test__/${route}`, init);
  return (await response.json()) as T;
}

const message = (ok: boolean, text: string) =>
  JSON.stringify({ run, scenario: name, ok, text, faults: JSON.parse(sessionStorage.getItem(faultsKey) ?? '[]') });

interface Kept {
  load: number;
  values: Record<string, unknown>;
}

const kept = JSON.parse(sessionStorage.getItem(keptKey) ?? '{"load":-1,"values":{}}') as Kept;
kept.load += 1;
const keep = () => sessionStorage.setItem(keptKey, JSON.stringify(kept));
keep();

const never = new Promise<never>(() => {});

const stage: Stage = {
  load: kept.load,
  kept: kept.values,
  note: (text) => void send('note', message(true, text)).catch(() => {}),
  async expected<T>(wanted: string) {
    const all = await send<Record<string, unknown>>('expected', undefined);
    if (!(wanted in all)) throw new Error(`nothing is expected for ${wanted}`);
    return all[wanted] as T;
  },
  reload() {
    keep();
    location.reload();
    return never;
  },
  goTo(hash) {
    keep();
    location.hash = hash;
    location.reload();
    return never;
  },
  ask: send,
};

const describe = (thrown: unknown) => (thrown instanceof Error ? `${thrown.message}\n${thrown.stack ?? ''}` : String(thrown));

async function finish(ok: boolean, text: string): Promise<void> {
  const { next } = await send<{ next: string | null }>('report', message(ok, text));
  for (const key of Object.keys(sessionStorage)) if (key.startsWith('weft-test')) sessionStorage.removeItem(key);
  localStorage.clear();
  if (next) location.replace(next);
}

const scenario = scenarios.find((each) => each.name === name);
if (!scenario) {
  await finish(false, `there is no scenario ${name}`);
} else {
  try {
    await scenario.act(stage);
    // What went wrong at the very end is told a moment later.
    await pause(100);
    await finish(true, '');
  } catch (error) {
    await finish(false, describe(error));
  }
}
