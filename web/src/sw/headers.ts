/**
 * How a page becomes isolated from other origins.
 * document-isolation: works in frames and leaves windows opened by the page connected; Chromium only.
 * cross-origin: the headers that every browser knows; for pages at top level.
 */
export type HeaderSet = 'document-isolation' | 'cross-origin';

const headers: Record<HeaderSet, Readonly<Record<string, string>>> = {
  'document-isolation': {
    'Document-Isolation-Policy': 'isolate-and-credentialless',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  },
  'cross-origin': {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    // A page that is isolated itself may then show this one in a frame.
    'Cross-Origin-Resource-Policy': 'cross-origin',
  },
};

/** Headers by which the server isolates the page itself. */
export const isolating = ['Document-Isolation-Policy', 'Cross-Origin-Embedder-Policy', 'Cross-Origin-Opener-Policy'];

export interface UserAgentData {
  readonly brands: readonly { readonly brand: string; readonly version: string }[];
  readonly mobile: boolean;
}

const firstVersion = { desktop: 137, mobile: 146 };

/** The set to try first. */
export function defaultHeaderSet(browser: UserAgentData | undefined): HeaderSet {
  const chromium = browser?.brands.find(({ brand }) => brand === 'Chromium');
  const needed = browser?.mobile ? firstVersion.mobile : firstVersion.desktop;
  return Number(chromium?.version ?? 0) >= needed ? 'document-isolation' : 'cross-origin';
}

export function otherHeaderSet(set: HeaderSet): HeaderSet {
  return set === 'cross-origin' ? 'document-isolation' : 'cross-origin';
}

const statusesWithoutBody = [101, 204, 205, 304];

/** The response with the headers of the set; itself if there is nothing to add or to be added to. */
export function withIsolation(response: Response, set: HeaderSet): Response {
  // Of a redirection that the browser is to follow nothing can be read.
  if (response.status === 0) return response;
  if (isolating.some((name) => response.headers.has(name))) return response;
  const all = new Headers(response.headers);
  for (const [name, value] of Object.entries(headers[set])) all.set(name, value);
  return new Response(statusesWithoutBody.includes(response.status) ? null : response.body, {
    status: response.status,
    statusText: response.statusText,
    headers: all,
  });
}
