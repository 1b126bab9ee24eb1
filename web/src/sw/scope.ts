import type { UserAgentData } from './headers.ts';

/** The parts of a service worker's global scope that are used here; the DOM's types have none of it. */

interface ExtendableEvent extends Event {
  waitUntil(promise: Promise<unknown>): void;
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

interface ExtendableMessageEvent extends ExtendableEvent {
  readonly data: unknown;
  readonly ports: readonly MessagePort[];
}

interface EventsByName {
  install: ExtendableEvent;
  activate: ExtendableEvent;
  fetch: FetchEvent;
  message: ExtendableMessageEvent;
}

export interface ServiceWorkerScope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { claim(): Promise<void> };
  readonly navigator: { readonly userAgentData?: UserAgentData };
  skipWaiting(): Promise<void>;
  addEventListener<Name extends keyof EventsByName>(name: Name, listener: (event: EventsByName[Name]) => void): void;
}
