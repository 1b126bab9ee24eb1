import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { createServer, listen } from '../../web/tools/serve.mjs';

const host = 'localhost';
let folder: string;
const servers: http.Server[] = [];

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'weft-serve-'));
  await mkdir(path.join(folder, 'root', 'about'), { recursive: true });
  await writeFile(path.join(folder, 'secret.txt'), 'secret');
  await writeFile(path.join(folder, 'root', 'index.html'), '<title>page</title>');
  await writeFile(path.join(folder, 'root', 'core.mjs'), 'export {}');
  await writeFile(path.join(folder, 'root', 'core.wasm'), '\0asm');
  await writeFile(path.join(folder, 'root', 'about', 'index.html'), 'about');
  await symlink(path.join(folder, 'secret.txt'), path.join(folder, 'root', 'link.txt'));
});

after(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await rm(folder, { recursive: true });
});

async function serve(options: Partial<Parameters<typeof createServer>[0]> = {}): Promise<number> {
  const server = createServer({ root: path.join(folder, 'root'), base: '/weft/', ...options });
  servers.push(server);
  return listen(server, { host, port: 0, attempts: 1 });
}

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

/** As `fetch`, which would tidy up the path. */
function ask(port: number, name: string, options: http.RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host, port, path: name, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    request.on('error', reject);
    request.end();
  });
}

test('files have their types, and every answer isolates', async () => {
  const port = await serve();
  for (const [name, type] of [
    ['', 'text/html; charset=utf-8'],
    ['core.mjs', 'text/javascript; charset=utf-8'],
    ['core.wasm', 'application/wasm'],
    ['missing', 'text/plain; charset=utf-8'],
  ]) {
    const { headers } = await ask(port, `/weft/${name}`);
    assert.equal(headers['content-type'], type);
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
    assert.equal(headers['cross-origin-embedder-policy'], 'require-corp');
    assert.ok(headers['cross-origin-resource-policy']);
    assert.equal(headers['cache-control'], 'no-cache');
  }
});

test('without headers it is a plain host', async () => {
  const { status, headers } = await ask(await serve({ headers: 'none' }), '/weft/');
  assert.equal(status, 200);
  assert.equal(
    Object.keys(headers).some((name) => name.startsWith('cross-origin')),
    false,
  );
});

test('nothing outside the root is served', async () => {
  const port = await serve();
  const outside = [
    '/weft/../secret.txt',
    '/weft/%2e%2e/secret.txt',
    '/weft/..%2fsecret.txt',
    '/weft/about/../../secret.txt',
    '/weft/link.txt',
    '/weft//../secret.txt',
    '/secret.txt',
    '/weft/..%5csecret.txt',
    '/weft/%00',
    '/weft/%zz',
  ];
  for (const name of outside) {
    const { status, text } = await ask(port, name);
    assert.ok(status === 404 || status === 400, `${name}: ${status}`);
    assert.ok(!text.includes('secret'));
  }
});

test('folders end with a slash, and the base is found', async () => {
  const port = await serve();
  for (const [name, location] of [
    ['/', '/weft/'],
    ['/weft', '/weft/'],
    ['/weft/about', '/weft/about/'],
  ]) {
    const { status, headers } = await ask(port, name!);
    assert.deepEqual([status, headers.location], [302, location]);
  }
  assert.equal((await ask(port, '/weft/about/')).text, 'about');
  assert.equal((await ask(await serve({ base: '/' }), '/')).status, 200);
  assert.throws(() => createServer({ root: folder, base: 'weft' }));
});

test('what has not changed is not sent again', async () => {
  const port = await serve();
  const { headers } = await ask(port, '/weft/core.mjs');
  const again = await ask(port, '/weft/core.mjs', { headers: { 'if-none-match': headers.etag! } });
  assert.deepEqual([again.status, again.text], [304, '']);
});

test('HEAD sends no body, other methods are refused, routes answer first', async () => {
  const port = await serve({
    routes: { '/result': (request, response) => void response.end(`got ${request.method}`) },
  });
  const head = await ask(port, '/weft/core.mjs', { method: 'HEAD' });
  assert.deepEqual([head.status, head.headers['content-length'], head.text], [200, '9', '']);
  assert.equal((await ask(port, '/weft/', { method: 'POST' })).status, 405);
  assert.equal((await ask(port, '/result', { method: 'POST' })).text, 'got POST');
});

test('a port that is taken is passed over, unless it was asked for', async () => {
  const port = await serve();
  const next = createServer({ root: folder });
  servers.push(next);
  const found = await listen(next, { host, port, attempts: 20 });
  assert.ok(found > port);
  assert.equal((next.address() as AddressInfo).port, found);
  const refused = createServer({ root: folder });
  await assert.rejects(listen(refused, { host, port, attempts: 1 }), { code: 'EADDRINUSE' });
});
