import assert from 'node:assert/strict';
import { test } from 'node:test';
import { otherHeaderSet, defaultHeaderSet, withIsolation } from '../../web/src/sw/headers.ts';

const chromium = (version: string, mobile = false) => ({
  brands: [
    { brand: 'Not)A;Brand', version: '24' },
    { brand: 'Chromium', version },
  ],
  mobile,
});

test('Document-Isolation-Policy is for the browsers that know it', () => {
  assert.equal(defaultHeaderSet(chromium('137')), 'document-isolation');
  assert.equal(defaultHeaderSet(chromium('136')), 'cross-origin');
  assert.equal(defaultHeaderSet(chromium('145', true)), 'cross-origin');
  assert.equal(defaultHeaderSet(chromium('146', true)), 'document-isolation');
  assert.equal(defaultHeaderSet({ brands: [], mobile: false }), 'cross-origin');
  assert.equal(defaultHeaderSet(undefined), 'cross-origin');
  for (const set of ['cross-origin', 'document-isolation'] as const) {
    assert.notEqual(otherHeaderSet(set), set);
    assert.equal(otherHeaderSet(otherHeaderSet(set)), set);
  }
});

test('headers are added; the rest of the response stays', async () => {
  const original = new Response('text', { status: 203, headers: { 'content-type': 'text/javascript', etag: '"1"' } });
  const response = withIsolation(original, 'cross-origin');
  assert.equal(response.status, 203);
  assert.equal(response.headers.get('content-type'), 'text/javascript');
  assert.equal(response.headers.get('etag'), '"1"');
  assert.equal(response.headers.get('cross-origin-opener-policy'), 'same-origin');
  assert.equal(response.headers.get('cross-origin-embedder-policy'), 'require-corp');
  assert.ok(response.headers.has('cross-origin-resource-policy'));
  assert.equal(response.headers.has('document-isolation-policy'), false);
  assert.equal(await response.text(), 'text');
});

test('the two sets do not mix', () => {
  const { headers } = withIsolation(new Response(''), 'document-isolation');
  assert.equal(headers.get('document-isolation-policy'), 'isolate-and-credentialless');
  assert.equal(headers.has('cross-origin-opener-policy'), false);
  assert.equal(headers.has('cross-origin-embedder-policy'), false);
});

test('answers without a body get headers, too', () => {
  for (const status of [204, 304]) {
    const response = withIsolation(new Response(null, { status }), 'cross-origin');
    assert.equal(response.status, status);
    assert.equal(response.headers.get('cross-origin-embedder-policy'), 'require-corp');
  }
});

test('nothing is added to what a server isolates itself, nor to what cannot be read', () => {
  const isolated = new Response('', { headers: { 'cross-origin-embedder-policy': 'require-corp' } });
  assert.equal(withIsolation(isolated, 'document-isolation'), isolated);
  const error = Response.error();
  assert.equal(withIsolation(error, 'cross-origin'), error);
});
