import type { Environment, HostWorker } from './environment.ts';
import { StartError, textOf } from './failure.ts';

/** Workers of a process with no more threads than its main one: the host, and one for that thread. */
export const leastWorkers = 2;

/**
 * The workers that host processes. Some are started in advance: they need no memory, and
 * the start of its workers is most of a process's.
 */
export class Hosts {
  readonly #environment: Environment;
  /** How many are kept. */
  readonly #limit: number;
  readonly #spares: HostWorker[] = [];
  #started = 0;

  constructor(environment: Environment, limit: number) {
    this.#environment = environment;
    this.#limit = limit;
  }

  /** Live workers that host no process yet. */
  get workers(): number {
    return leastWorkers * this.#spares.length;
  }

  /** One that loads the core, or has loaded it. Throws StartError. */
  take(): HostWorker {
    return this.#spares.shift() ?? this.#start();
  }

  /** Starts those that are missing. If that cannot be done, the next to take one is to be told why. */
  prepare(): void {
    try {
      while (this.#spares.length < this.#limit) this.#keep(this.#start());
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
    }
  }

  close(): void {
    for (const spare of this.#spares.splice(0)) spare.terminate();
  }

  #start(): HostWorker {
    this.#started += 1;
    try {
      const host = this.#environment.createHost(`host ${this.#started}`);
      host.post({ type: 'load', core: this.#environment.core });
      return host;
    } catch (error) {
      throw error instanceof StartError ? error : new StartError('worker', textOf(error), error);
    }
  }

  #keep(spare: HostWorker): void {
    const drop = () => {
      const index = this.#spares.indexOf(spare);
      if (index < 0) return;
      this.#spares.splice(index, 1);
      spare.terminate();
    };
    spare.onError = drop;
    spare.onMessage = ({ type }) => {
      if (type !== 'loaded') drop();
    };
    this.#spares.push(spare);
  }
}
