import { defaultHeaderSet, isolating } from '../sw/headers.ts';
import type { UserAgentData } from '../sw/headers.ts';
import type { Reason } from './plan.ts';

interface Unavailable {
  readonly reason: string;
  readonly text: string;
}

/** Reasons that name the browser, of which the server may be the cause. */
const doubtful: readonly string[] = ['framed', 'refused', 'needs-reload'] satisfies Reason[];

/** Whether the browser can isolate a document in a frame of another site. */
function isolatesDocuments(): boolean {
  return defaultHeaderSet((navigator as { userAgentData?: UserAgentData }).userAgentData) === 'document-isolation';
}

/**
 * The reason why the page has no threads: the server's own headers, if the page could be isolated but for them. The service
 * worker adds none where there are some.
 */
export async function blameHost(found: Unavailable): Promise<Unavailable> {
  if (!doubtful.includes(found.reason) || (window.self !== window.top && !isolatesDocuments())) return found;
  // The service worker lets requests of this kind pass.
  const { headers } = await fetch(location.href, { method: 'HEAD', cache: 'no-store' });
  const sent = isolating.filter((name) => headers.has(name)).map((name) => `${name}: ${headers.get(name)}`);
  return sent.length > 0 ? { reason: 'host-headers' satisfies Reason, text: sent.join('\n') } : found;
}
