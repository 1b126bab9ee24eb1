import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { openChromium } from '../browsers/chromium.ts';
import { openFirefox } from '../browsers/firefox.ts';
import { openWebKit } from '../browsers/webkit.ts';
import { hosting } from '../drive/scenarios/hosting.ts';
import { drive } from '../kit/drive_session.ts';
import type { Opener } from '../kit/drive_session.ts';
import type { Part, PartContext } from '../kit/part.ts';
import { builtPage } from '../kit/places.ts';
import { TestServer } from '../kit/test_server.ts';
import type { TestServerOptions } from '../kit/test_server.ts';

const engines: [label: string, open: Opener][] = [
  ['chromium', openChromium],
  ['firefox', openFirefox],
  ['webkit', openWebKit],
];

/** Files that the service worker is to keep: all but itself. */
async function countFiles(): Promise<number> {
  const entries = await readdir(builtPage, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && path.join(entry.parentPath, entry.name) !== path.join(builtPage, 'sw.js')).length;
}

interface Setup {
  scenario: string;
  options: TestServerOptions;
  host?: string;
  isFramed?: boolean;
  isEmbedded?: boolean;
  engines?: string[];
}

/** Does one scenario in each engine, with a server and a browser of its own each time. */
async function inEachEngine(
  { report, isWanted }: PartContext,
  { scenario, options, host, isFramed, isEmbedded, engines: some }: Setup,
): Promise<void> {
  const test = hosting.find(({ name }) => name === scenario);
  if (!test) throw new Error(`there is no scenario ${scenario}`);
  for (const [label, open] of engines) {
    if (!isWanted(`${label}: ${scenario}`) || some?.includes(label) === false) continue;
    const server = await new TestServer({ drive: 'always', ...options }).listen();
    try {
      server.expected = { files: await countFiles() };
      const addressed = (address: string) => (isEmbedded ? address.replace('?', '?embed=1&') : address);
      const opener: Opener = (address) => open(isFramed ? server.blogAddress(addressed(address)) : addressed(address));
      await drive({ label, server, tests: [test], open: opener, report, ...(host === undefined ? {} : { host }) });
    } finally {
      await server.close();
    }
  }
}

const setups =
  (list: Setup[]): Part =>
  async (context) => {
    for (const setup of list) await inEachEngine(context, setup);
  };

const plainHost: TestServerOptions = { base: '/weft/', headers: 'none' };

/** A host that sends files and nothing else, as GitHub Pages does. */
export const staticHost = setups([
  { scenario: 'a static host under a sub-path, then none at all', options: plainHost },
  { scenario: 'Run before it is clear whether there are threads', options: plainHost },
  { scenario: 'in a frame of another site', options: plainHost, isFramed: true },
  { scenario: 'embedded in a page of another site', options: plainHost, isFramed: true, isEmbedded: true },
  { scenario: 'embedded from a host with headers of its own', options: { headers: 'isolate' }, isFramed: true, isEmbedded: true },
]);

/** Where threads cannot be had. */
export const noIsolation = setups([
  { scenario: 'no headers and no service worker', options: { headers: 'none', without: ['sw.js'] } },
  // The others can be told that a name means this machine.
  { scenario: 'an unprotected connection', options: { headers: 'none' }, host: 'weft.test', engines: ['chromium', 'firefox'] },
]);
