/** Why a process could not be started. */
export type StartFailure =
  | 'out-of-memory' // the browser has no room for another shared memory
  | 'too-many' // more processes at once than the machine allows
  | 'network' // a file could not be fetched at all
  | 'not-found' // a file is not there, or the server refuses it
  | 'wrong-type' // what the server sent is not WebAssembly
  | 'compile' // the browser refuses the module
  | 'worker' // the worker could not be started
  | 'boot' // the core gave up before it was ready
  | 'abi' // the core is not the one this page was made for
  | 'parameters' // they cannot be handed over
  | 'timeout'; // it was not ready in time

export class StartError extends Error {
  override readonly name = 'StartError';
  readonly code: StartFailure;

  constructor(code: StartFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** The message of a thrown value. */
export function textOf(thrown: unknown): string {
  if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`;
  return String(thrown);
}
