import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Files } from '../../web/src/sw/files.ts';

const scope = 'https://host.example/weft/';
const paths = ['', 'app.1.js', 'wasm/1/core.wasm'];

/** What the server has; missing: it answers 404. Null: there is no network. */
let server: Map<string, string> | null;
let caches: FakeCaches;
const { fetch, caches: realCaches } = globalThis;

class FakeCache {
  readonly entries = new Map<string, string>();

  async add(request: Request): Promise<void> {
    const response = await globalThis.fetch(request);
    if (!response.ok) throw new TypeError('not ok');
    this.entries.set(request.url, await response.text());
  }

  async put(url: string, response: Response): Promise<void> {
    this.entries.set(url, await response.text());
  }

  async keys() {
    return [...this.entries.keys()].map((url) => ({ url }));
  }

  async match(request: Request | string) {
    const text = this.entries.get(typeof request === 'string' ? request : request.url);
    return text === undefined ? undefined : new Response(text);
  }
}

class FakeCaches {
  readonly byName = new Map<string, FakeCache>();

  async open(name: string): Promise<FakeCache> {
    if (!this.byName.has(name)) this.byName.set(name, new FakeCache());
    return this.byName.get(name)!;
  }

  async keys() {
    return [...this.byName.keys()];
  }

  async delete(name: string) {
    return this.byName.delete(name);
  }
}

beforeEach(() => {
  caches = new FakeCaches();
  server = new Map(paths.map((path) => [scope + path, `${path} of 1`]));
  globalThis.fetch = async (input) => {
    if (!server) throw new TypeError('Failed to fetch');
    const text = server.get((input as Request).url);
    return text === undefined ? new Response('none', { status: 404 }) : new Response(text);
  };
  Object.assign(globalThis, { caches });
});

afterEach(() => Object.assign(globalThis, { fetch, caches: realCaches }));

const files = (build: string) => new Files(scope, build, paths);
const get = async (build: string, path: string) => (await files(build).file(new Request(scope + path))).text();
const page = async (build: string, path = '') => (await files(build).page(new Request(scope + path))).text();

/** Another build is deployed: the old one's files are gone. */
function deploy(): void {
  server = new Map([
    [scope, 'page of 2'],
    [`${scope}app.2.js`, 'app of 2'],
  ]);
}

test('the page is the server’s while there is one, then the stored one', async () => {
  await files('1').keep();
  server!.set(scope, 'newer page');
  assert.equal(await page('1'), 'newer page');
  server = null;
  assert.equal(await page('1'), ' of 1');
  assert.equal(await page('1', '?from=elsewhere'), ' of 1');
});

test('without a network and without a stored page the failure is the network’s', async () => {
  server = null;
  await assert.rejects(page('1'), /Failed to fetch/);
  await assert.rejects(get('1', 'app.1.js'), /Failed to fetch/);
});

test('files are the stored ones', async () => {
  await files('1').keep();
  server = null;
  assert.equal(await get('1', 'app.1.js'), 'app.1.js of 1');
});

test('a file that cannot be kept is kept the next time', async () => {
  server!.delete(`${scope}app.1.js`);
  await files('1').keep();
  server!.set(`${scope}app.1.js`, 'late');
  await files('1').keep();
  server = null;
  assert.equal(await get('1', 'app.1.js'), 'late');
  assert.equal(await get('1', 'wasm/1/core.wasm'), 'wasm/1/core.wasm of 1');
});

test('a tab of the build before finds its files after a deployment', async () => {
  await files('1').keep();
  deploy();
  await files('2').forgetOld();
  assert.equal(await get('2', 'wasm/1/core.wasm'), 'wasm/1/core.wasm of 1');
  assert.equal(await get('2', 'app.2.js'), 'app of 2');
  assert.equal(await get('2', 'nowhere.js'), 'none');
});

test('of other builds only the last is kept, and nothing of others is touched', async () => {
  for (const build of ['1', '2', '3']) await caches.open(`${scope} ${build}`);
  await caches.open('https://host.example/weft-other/ 1');
  await caches.open(`settings of ${scope}`);
  await files('3').forgetOld();
  assert.deepEqual(await caches.keys(), [`${scope} 2`, `${scope} 3`, 'https://host.example/weft-other/ 1', `settings of ${scope}`]);
});

test('a new build that came half way is not used without a network, and the one before is', async () => {
  await files('1').keep();
  deploy();
  server!.set(`${scope}app.2.js`, 'app of 2');
  const second = new Files(scope, '2', ['', 'app.2.js', 'wasm/2/core.wasm']);
  await second.forgetOld();
  await second.keep();
  server = null;
  const shown = async () => (await second.page(new Request(scope))).text();
  assert.equal(await shown(), ' of 1', 'the program of the second build did not come');
  assert.equal(await (await second.file(new Request(`${scope}app.1.js`))).text(), 'app.1.js of 1');
  deploy();
  server!.set(`${scope}wasm/2/core.wasm`, 'program of 2');
  await second.keep();
  server = null;
  assert.equal(await shown(), 'page of 2');
});

test('the last build that is whole stays until a later one is', async () => {
  await files('1').keep();
  for (const build of ['2', '3', '4']) {
    await caches.open(`${scope} ${build}`);
    await files(build).forgetOld();
  }
  assert.deepEqual(await caches.keys(), [`${scope} 1`, `${scope} 3`, `${scope} 4`]);
});
