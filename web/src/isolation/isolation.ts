import type { ToServiceWorker } from '../sw/messages.ts';
import { nextStep } from './plan.ts';
import type { Reason } from './plan.ts';
import { countReloads, forgetReloads, rememberReload } from './reload_guard.ts';
import { missingFeature, missingSharedMemory } from './requirements.ts';

export type { Reason } from './plan.ts';

export type IsolationStatus =
  | { readonly state: 'isolated'; readonly by: 'server' | 'service-worker' }
  /** The page is about to be loaded again. */
  | { readonly state: 'reloading' }
  /** `text`: what the browser says, if anything. */
  | { readonly state: 'unavailable'; readonly reason: Reason; readonly text: string };

export interface IsolationOptions {
  /** Address of the service worker's script, relative to the page; its folder is the scope. */
  readonly serviceWorker: string;
  /** Whether it is to keep all files of the page for when there is no network. */
  readonly keepsFiles: boolean;
  /** A page that is loaded again is that of the address as it was when that was asked for. */
  readonly beforeReload?: () => void;
}

/** How long the service worker may take to become active (ms). */
const activationTimeout = 10_000;
/** How long it may take to answer (ms). */
const answerTimeout = 2_000;

/**
 * Isolates the page from other origins, which shared memory requires: by the
 * server's headers or else by those of the service worker, which takes one reload.
 */
export async function ensureIsolation({ serviceWorker, keepsFiles, beforeReload }: IsolationOptions): Promise<IsolationStatus> {
  const missing = missingFeature();
  if (missing) return { state: 'unavailable', ...missing };
  if (crossOriginIsolated) return isolated(serviceWorker, keepsFiles);
  if (!('serviceWorker' in navigator)) return unavailable('no-service-worker');
  try {
    await activate(serviceWorker);
  } catch (error) {
    // A frame of another site may be denied all storage, and service workers with it.
    return unavailable(isFramed() ? 'framed' : 'service-worker-failed', describe(error));
  }
  const reloads = countReloads();
  const step = nextStep({
    isFramed: isFramed(),
    isControlled: navigator.serviceWorker.controller !== null,
    cameThroughWorker: cameThroughWorker(),
    reloads,
  });
  if (step.do === 'give-up') return unavailable(step.reason);
  if (!rememberReload(reloads! + 1)) return unavailable('needs-reload');
  if (step.do === 'switch-headers') await ask({ type: 'switch-headers' });
  beforeReload?.();
  location.reload();
  return { state: 'reloading' };
}

function isolated(serviceWorker: string, keepsFiles: boolean): IsolationStatus {
  forgetReloads();
  const text = missingSharedMemory();
  if (text !== null) return unavailable('no-shared-memory', text);
  const isControlled = Boolean(navigator.serviceWorker?.controller);
  if (keepsFiles)
    void keepOffline(serviceWorker).catch(() => {
      // Without it the page needs the network, as any other.
    });
  return { state: 'isolated', by: isControlled ? 'service-worker' : 'server' };
}

/** Has the service worker keep all files of the page, so that it works without a network. */
async function keepOffline(serviceWorker: string): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  // Localhost with its own headers means development: nothing is cached.
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname);
  if (isLocal && !navigator.serviceWorker.controller) return;
  await whenIdle();
  await activate(serviceWorker);
  await ask({ type: 'keep-files' });
}

function whenIdle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: 5000 });
    else setTimeout(resolve, 2000);
  });
}

/** Registers the service worker and waits until it is active and, if it will, controls the page. */
async function activate(serviceWorker: string): Promise<void> {
  const url = new URL(serviceWorker, document.baseURI);
  const registration = await navigator.serviceWorker.register(url, {
    scope: new URL('./', url).pathname,
    updateViaCache: 'none',
  });
  if (!registration.active) {
    await orTimeout(activation(registration), activationTimeout, 'the service worker did not start');
  }
}

function activation(registration: ServiceWorkerRegistration): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = registration.installing ?? registration.waiting;
    if (!worker) {
      resolve();
      return;
    }
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve();
      if (worker.state === 'redundant') reject(new Error('the service worker was refused'));
    });
  });
}

/** Sends a message to the active service worker and waits for its answer, with a timeout. */
async function ask(message: ToServiceWorker): Promise<void> {
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<void>((resolve) => {
    port1.onmessage = () => resolve();
    setTimeout(resolve, answerTimeout);
  });
  active?.postMessage(message, [port2]);
  await answer;
  port1.close();
}

async function orTimeout<T>(promise: Promise<T>, timeout: number, text: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(text)), timeout);
  });
  try {
    return await Promise.race([promise, expired]);
  } finally {
    clearTimeout(timer);
  }
}

function isFramed(): boolean {
  return window.self !== window.top;
}

function cameThroughWorker(): boolean {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return (navigation?.workerStart ?? 0) > 0;
}

function unavailable(reason: Reason, text = ''): IsolationStatus {
  return { state: 'unavailable', reason, text };
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Diagnostics, one fact a line. */
export function diagnostics(): string {
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  const missing = missingFeature();
  const facts: Record<string, unknown> = {
    address: location.origin + location.pathname,
    browser: navigator.userAgent,
    'secure context': isSecureContext,
    'cross-origin isolated': globalThis.crossOriginIsolated,
    SharedArrayBuffer: typeof SharedArrayBuffer !== 'undefined',
    'missing feature': missing ? `${missing.reason} ${missing.text}`.trim() : 'none',
    'in a frame': isFramed(),
    'service workers': container ? 'available' : 'not available',
    'controlled by': container?.controller?.scriptURL ?? 'none',
    'came through it': cameThroughWorker(),
    'reloads for isolation': countReloads() ?? 'cannot be counted',
    'logical processors': navigator.hardwareConcurrency,
  };
  return Object.entries(facts)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join('\n');
}
