import type { FromHost, ToHost } from './messages.ts';

/** A worker in which the machine hosts one process. */
export interface HostWorker {
  onMessage: (message: FromHost) => void;
  /** Whether its own script has run: it has sent something. */
  readonly hasRun: boolean;
  /** An uncaught error in the worker or a nested one; or the worker could not be started. */
  onError: (text: string) => void;
  post(message: ToHost): void;
  /** Ends the worker and those below it, at some time; nothing is reported any more. */
  terminate(): void;
}

/** What the machine needs of its environment: a browser, or Node. */
export interface Environment {
  /** Address of the core's script, as the host worker imports it. */
  readonly core: string;
  /** Name and version of this place, for recorded runs. */
  readonly description: string;
  /** Throws StartError. */
  compile(): Promise<WebAssembly.Module>;
  createHost(name: string): HostWorker;
  createPulse(tick: () => void): Pulse;
}

/** Ticks regularly while it is started, also when the page is not visible. */
export interface Pulse {
  start(): void;
  stop(): void;
  close(): void;
}

/** The clock that all threads of all processes share: ms since the Unix epoch. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
