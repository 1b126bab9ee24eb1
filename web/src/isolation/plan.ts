/** Why there are no threads here. */
export type Reason =
  | 'insecure-context' // neither https nor localhost
  | 'no-webassembly' // none, or one without what the core is compiled with
  | 'no-workers'
  | 'no-shared-memory' // isolated, and shared memory is not to be had all the same
  | 'no-service-worker' // the host sends no headers and the browser lets nobody else do it
  | 'service-worker-failed' // it could not be installed
  | 'framed' // in a frame, whose isolation the page around it would have to grant
  | 'host-headers' // the server sends headers of its own, which do not isolate the page and keep others from it
  | 'needs-reload' // the page was loaded past the service worker
  | 'refused'; // the headers were sent and the browser does not isolate

export interface Facts {
  readonly isFramed: boolean;
  /** The service worker controls the page. */
  readonly isControlled: boolean;
  /** The page itself came through the service worker. */
  readonly cameThroughWorker: boolean;
  /** Reloads this tab has made for the sake of isolation; null where that cannot be remembered. */
  readonly reloads: number | null;
}

export type Step =
  | { readonly do: 'reload' }
  /** Let the service worker send the other set of headers, then reload. */
  | { readonly do: 'switch-headers' }
  | { readonly do: 'give-up'; readonly reason: Reason };

const mostReloads = 2;

/** What to do about a page that is not isolated although the service worker is active. */
export function nextStep(facts: Facts): Step {
  const { isFramed, isControlled, cameThroughWorker, reloads } = facts;
  if (reloads === null) return { do: 'give-up', reason: isFramed ? 'framed' : 'needs-reload' };
  if (reloads < mostReloads) {
    if (reloads === 0 && !cameThroughWorker) return { do: 'reload' };
    if (isControlled) return { do: 'switch-headers' };
  }
  if (isFramed) return { do: 'give-up', reason: 'framed' };
  return { do: 'give-up', reason: isControlled ? 'refused' : 'needs-reload' };
}
