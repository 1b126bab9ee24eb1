import { Files } from './files.ts';
import { otherHeaderSet, defaultHeaderSet, withIsolation } from './headers.ts';
import type { HeaderSet } from './headers.ts';
import type { ToServiceWorker } from './messages.ts';
import type { ServiceWorkerScope } from './scope.ts';
import { Settings } from './settings.ts';

/*
 * Gives a page on a host that cannot send headers the headers that shared memory requires, and
 * keeps its files for when there is no network.
 */

/** Set by the build: the files of the page, and what names this build. */
declare const __PRECACHE__: readonly string[];
/** Files that there are of each demo: patterns with the demo's name for the star, and the demos that lack one. */
declare const __OF_DEMOS__: { names: readonly string[]; patterns: readonly { pattern: string; without: readonly string[] }[] };
declare const __BUILD__: string;

const scope = globalThis as unknown as ServiceWorkerScope;
// One origin may host several such pages: the scope tells their caches apart.
const { scope: base } = scope.registration;
const ofDemos = __OF_DEMOS__.patterns.flatMap(({ pattern, without }) =>
  __OF_DEMOS__.names.filter((name) => !without.includes(name)).map((name) => pattern.replace('*', name)),
);
const files = new Files(base, __BUILD__, [...__PRECACHE__, ...ofDemos]);
const settings = new Settings(`settings of ${base}`);

let headerSet: Promise<HeaderSet> | undefined;

function currentHeaderSet(): Promise<HeaderSet> {
  headerSet ??= settings
    .headerSet()
    .catch(() => null)
    .then((chosen) => chosen ?? defaultHeaderSet(scope.navigator.userAgentData));
  return headerSet;
}

async function switchHeaders(): Promise<void> {
  const set = otherHeaderSet(await currentHeaderSet());
  headerSet = Promise.resolve(set);
  await settings.setHeaderSet(set);
}

// Files are not fetched here: the first visit waits for this worker before it can have threads.
scope.addEventListener('install', (event) => event.waitUntil(scope.skipWaiting()));

scope.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([scope.clients.claim(), files.forgetOld()]));
});

scope.addEventListener('message', (event) => {
  const { type } = event.data as ToServiceWorker;
  const work = type === 'switch-headers' ? switchHeaders() : files.keep();
  event.waitUntil(work.finally(() => event.ports[0]?.postMessage(null)));
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return;
  // Only the developer tools ask for this, and no fetch may answer it.
  if (request.cache === 'only-if-cached' && request.mode !== 'same-origin') return;
  event.respondWith(respond(request));
});

async function respond(request: Request): Promise<Response> {
  const set = currentHeaderSet();
  const response = await (request.mode === 'navigate' ? files.page(request) : files.file(request));
  return withIsolation(response, await set);
}
