import type { StartFailure } from './failure.ts';
import type { Signal } from './shared.ts';

/** From the machine to the worker that hosts a process. */
export type ToHost =
  /** Comes first, so that the script loads while the module is being compiled. */
  | { readonly type: 'load'; readonly core: string }
  | {
      readonly type: 'boot';
      readonly module: WebAssembly.Module;
      readonly memory: WebAssembly.Memory;
      /** What all processes of the run share. */
      readonly shared: WebAssembly.Memory;
      /** It will not be the first process of its run. */
      readonly isChild: boolean;
    }
  | { readonly type: 'stop' };

/** What a run's supervisor asks of the machine, for a process of its table. */
export type SupervisorRequest =
  | { readonly type: 'spawn'; readonly slot: number }
  | { readonly type: 'signal'; readonly slot: number; readonly signal: Signal };

/** From the worker that hosts a process to the machine. */
export type FromHost =
  | SupervisorRequest
  /** The host's own script runs. */
  | { readonly type: 'loaded' }
  /** The core waits for its go; `control` is the address of its Control block. */
  | { readonly type: 'ready'; readonly control: number }
  | { readonly type: 'exit'; readonly status: number }
  | { readonly type: 'failed'; readonly code: StartFailure; readonly text: string }
  | { readonly type: 'crash'; readonly text: string }
  /** Output of the runtime itself; what a demo prints is in the trace. */
  | { readonly type: 'print'; readonly text: string };
