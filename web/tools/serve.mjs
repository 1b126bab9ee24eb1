#!/usr/bin/env node
// Static file server for the page and its tests.
//   node serve.mjs [--root DIR] [--port N] [--host H] [--base /path/] [--headers isolate|none]
// @ts-check
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** @type {Record<string, string>} */
const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/**
 * @typedef {object} ServerOptions
 * @property {string} root folder whose files are served
 * @property {string} [base] path under which they are served, with a slash at both ends
 * @property {'isolate' | 'none'} [headers] whether the answers isolate the page from other origins
 * @property {Record<string, http.RequestListener>} [routes] who answers other paths, e.g. `/result`
 */

/**
 * A server that does not listen yet.
 * @param {ServerOptions} options
 * @returns {http.Server}
 */
export function createServer({ root, base = '/', headers = 'isolate', routes = {} }) {
  if (!base.startsWith('/') || !base.endsWith('/')) {
    throw new Error(`the base must begin and end with a slash, as in /weft/: ${base}`);
  }
  return http.createServer((request, response) => {
    response.setHeader('Cache-Control', 'no-cache');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (headers === 'isolate') {
      for (const [name, value] of Object.entries(isolation)) response.setHeader(name, value);
    }
    const pathname = pathOf(request);
    const route = pathname === null ? undefined : routes[pathname];
    if (route) {
      route(request, response);
      return;
    }
    answer(root, base, pathname, request, response).catch((error) => {
      if (!response.headersSent) refuse(response, 500, String(error));
      else response.destroy();
    });
  });
}

/**
 * @param {http.IncomingMessage} request
 * @returns {string | null} the path, decoded; null if it is none
 */
function pathOf(request) {
  try {
    const pathname = decodeURIComponent((request.url ?? '/').split(/[?#]/, 1)[0] ?? '/');
    return /[\0\\]/.test(pathname) ? null : pathname;
  } catch {
    return null;
  }
}

/**
 * @param {string} root
 * @param {string} base
 * @param {string | null} pathname
 * @param {http.IncomingMessage} request
 * @param {http.ServerResponse} response
 */
async function answer(root, base, pathname, request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    refuse(response, 405, 'only GET and HEAD');
    return;
  }
  if (pathname === null) {
    refuse(response, 400, 'not a path');
    return;
  }
  if (pathname === '/' || pathname === base.slice(0, -1)) {
    if (base !== '/') {
      redirect(response, base);
      return;
    }
  }
  if (!pathname.startsWith(base)) {
    refuse(response, 404, `not found; the page is at ${base}`);
    return;
  }
  const file = await find(root, pathname.slice(base.length));
  if (file === 'folder') redirect(response, `${encodeURI(pathname.replace(/^\/+/, '/'))}/`);
  else if (file === null) refuse(response, 404, 'not found');
  else send(file, request, response);
}

/**
 * @typedef {{name: string, size: number, tag: string}} File
 * @param {string} root
 * @param {string} relative
 * @returns {Promise<File | 'folder' | null>} null if there is no such file within the root
 */
async function find(root, relative) {
  const asked = path.join(root, relative);
  const name = relative === '' || relative.endsWith('/') ? path.join(asked, 'index.html') : asked;
  try {
    const [realRoot, realName] = await Promise.all([realpath(root), realpath(name)]);
    if (realName !== realRoot && !realName.startsWith(realRoot + path.sep)) return null;
    const found = await stat(realName);
    if (found.isDirectory()) return 'folder';
    const tag = `"${found.size.toString(36)}-${found.mtimeMs.toString(36)}"`;
    return { name: realName, size: found.size, tag };
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return null;
    throw error;
  }
}

/**
 * @param {File} file
 * @param {http.IncomingMessage} request
 * @param {http.ServerResponse} response
 */
function send(file, request, response) {
  response.setHeader('ETag', file.tag);
  if (request.headers['if-none-match'] === file.tag) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, {
    'Content-Type': types[path.extname(file.name)] ?? 'application/octet-stream',
    'Content-Length': file.size,
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  // Whoever asked may be gone before the end.
  pipeline(createReadStream(file.name), response, () => {});
}

/**
 * @param {http.ServerResponse} response
 * @param {string} location
 */
function redirect(response, location) {
  response.writeHead(302, { Location: location }).end();
}

/**
 * @param {http.ServerResponse} response
 * @param {number} status
 * @param {string} text
 */
function refuse(response, status, text) {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

/**
 * Listens at the port, or at one of the next ones if it may be another.
 * @param {http.Server} server
 * @param {{host: string, port: number, attempts: number}} place
 * @returns {Promise<number>} the port
 */
export async function listen(server, { host, port, attempts }) {
  for (let tried = port; ; tried += 1) {
    try {
      await /** @type {Promise<void>} */ (
        new Promise((resolve, reject) => {
          server.once('error', reject);
          server.listen(tried, host, () => {
            server.off('error', reject);
            resolve();
          });
        })
      );
      return /** @type {import('node:net').AddressInfo} */ (server.address()).port;
    } catch (error) {
      const isTaken = /** @type {NodeJS.ErrnoException} */ (error).code === 'EADDRINUSE';
      if (!isTaken || tried + 1 >= port + attempts) throw error;
    }
  }
}

const usualPort = 8080;

/** @param {string[]} args */
function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      root: { type: 'string', default: fileURLToPath(new URL('../dist', import.meta.url)) },
      port: { type: 'string' },
      host: { type: 'string', default: 'localhost' },
      base: { type: 'string', default: '/' },
      headers: { type: 'string', default: 'isolate' },
    },
  });
  const { root, host, base, headers } = values;
  const port = values.port === undefined ? usualPort : Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`--port takes a number from 0 to 65535, not ${values.port}`);
  }
  if (headers !== 'isolate' && headers !== 'none') {
    throw new Error(`--headers takes isolate or none, not ${headers}`);
  }
  return { root, host, base, headers, port, attempts: values.port === undefined ? 20 : 1 };
}

/** @param {string[]} args */
async function main(args) {
  const options = readOptions(args);
  const root = await stat(options.root).catch(() => null);
  if (!root?.isDirectory()) throw new Error(`there is no folder ${options.root}; build the page first`);
  const server = createServer({ ...options, headers: /** @type {'isolate' | 'none'} */ (options.headers) });
  const port = await listen(server, options).catch((error) => {
    if (error.code !== 'EADDRINUSE') throw error;
    const which = options.attempts > 1 ? `the ports from ${options.port} on are` : `port ${options.port} is`;
    throw new Error(`${which} taken; name another one with --port`);
  });
  const host = options.host === '0.0.0.0' || options.host === '::' ? 'localhost' : options.host;
  console.log(`Weft is at http://${host.includes(':') ? `[${host}]` : host}:${port}${options.base}`);
  console.log(
    `Open it in a browser on this machine; from another one, tunnel the port first ` +
      `(ssh -L ${port}:localhost:${port} <this machine>). Ctrl-C stops it.`,
  );
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0));
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(`serve: ${error.message}`);
    process.exitCode = 1;
  });
}
