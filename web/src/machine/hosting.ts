import type { StartFailure } from './failure.ts';
import { textOf } from './failure.ts';
import type { FromHost, ToHost } from './messages.ts';
import type { Signal } from './shared.ts';

/** How often sleepers are woken while a process is being stopped (ms): one may fall asleep at the wrong moment. */
const wakePeriod = 5;

/** The core's factory, and what it makes. */
interface CoreModule {
  default(options: object): Promise<Core>;
}
interface Core {
  _weft_control(): number;
  _weft_stop(): number;
}

type Boot = Extract<ToHost, { type: 'boot' }>;

/** What hosting needs of the worker that it happens in. */
export interface Place {
  post(message: FromHost): void;
  /** Starts a worker that runs the core's script for a thread, as that script itself would. */
  newThreadWorker(script: string): object;
}

/** Runs one instance of the core in the worker it is called in; returns what takes the machine's messages. */
export function host({ post, newThreadWorker }: Place): (message: ToHost) => void {
  let script: Promise<CoreModule> | undefined;
  let coreUrl = '';
  /** Starts while the core is being loaded: a worker takes longer than all the rest. */
  let mainThread: object | undefined;
  let core: Core | undefined;
  let isReady = false;
  let hasExited = false;

  // The core calls this; see the ABI.
  Object.assign(globalThis, {
    weftEvent(name: string, slot: number, value: number) {
      switch (name) {
        case 'ready':
          isReady = true;
          tellReady();
          break;
        case 'spawn':
          post({ type: 'spawn', slot });
          break;
        case 'signal':
          post({ type: 'signal', slot, signal: value as Signal });
          break;
        case 'exit':
          post({ type: 'exit', status: value });
          break;
      }
    },
  });

  /** The core's main thread may be there before the factory has returned, or after. */
  function tellReady(): void {
    if (isReady && core) post({ type: 'ready', control: core._weft_control() });
  }

  function load(url: string): void {
    coreUrl = url;
    script = import(url) as Promise<CoreModule>;
    script.catch((error: unknown) => fail('network', error));
    mainThread = newThreadWorker(url);
  }

  async function boot({ module, memory, shared, isChild }: Boot): Promise<void> {
    const { default: createCore } = await script!;
    core = await createCore({
      arguments: isChild ? ['child'] : [],
      wasmMemory: memory,
      weftShared: shared,
      weftNewWorker,
      instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void) {
        const instance = new WebAssembly.Instance(module, imports);
        receive(instance, module);
        return instance.exports;
      },
      print: (text: string) => post({ type: 'print', text }),
      printErr: (text: string) => post({ type: 'print', text }),
      onExit(status: number) {
        hasExited = true;
        post({ type: 'exit', status });
      },
      onAbort: (what: unknown) => post({ type: 'crash', text: textOf(what) }),
    });
    tellReady();
  }

  function weftNewWorker(): object {
    const worker = mainThread ?? newThreadWorker(coreUrl);
    mainThread = undefined;
    return worker;
  }

  function stop(): void {
    if (!core || hasExited) return;
    core._weft_stop();
    setTimeout(stop, wakePeriod);
  }

  function fail(code: StartFailure, error: unknown): void {
    post({ type: 'failed', code, text: textOf(error) });
  }

  post({ type: 'loaded' });
  return (message) => {
    switch (message.type) {
      case 'load':
        load(message.core);
        break;
      case 'boot':
        boot(message).catch((error: unknown) => fail('boot', error));
        break;
      case 'stop':
        stop();
        break;
    }
  };
}
