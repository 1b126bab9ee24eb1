import { controlBytes, controlField as field, controlMagic, controlVersion } from './abi.generated.ts';
import { StartError } from './failure.ts';

export { CoreState } from './abi.generated.ts';

/** What a process is to do. */
export interface Request {
  readonly demo: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** How many threads it has side by side. */
  readonly threads?: number;
  /** Registered name of the function; `run` runs a demo. */
  readonly entryPoint?: string;
  /** Number of the process in its run; 1 is the first. */
  readonly process?: number;
  /** Of a child in the process table. */
  readonly slot?: number;
}

/** The block of words through which the page and the core of one process talk. */
export class Control {
  readonly #view: DataView;
  readonly #atoms: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #address: number;

  /** Throws StartError if the core is not of the version that this page knows. */
  constructor(memory: SharedArrayBuffer, address: number) {
    this.#view = new DataView(memory);
    this.#atoms = new Int32Array(memory);
    this.#bytes = new Uint8Array(memory);
    this.#address = address;
    const isInside = address > 0 && address % 8 === 0 && address + controlBytes <= memory.byteLength;
    if (!isInside || this.#word(field.magic) !== controlMagic) {
      throw new StartError('abi', `there is no Control block at address ${address}`);
    }
    const version = this.#word(field.version);
    if (version !== controlVersion) {
      throw new StartError('abi', `the core's interface has version ${version}, not ${controlVersion}`);
    }
  }

  get state(): number {
    return Atomics.load(this.#atoms, this.#index(field.state));
  }

  /** Exit status; valid once the state is `ended`. */
  get status(): number {
    return Atomics.load(this.#atoms, this.#index(field.status));
  }

  /** Worker threads made so far. The field is the address of the count. */
  get workers(): number {
    return Atomics.load(this.#atoms, this.#word(field.workers) >> 2);
  }

  /** Those of them that have started. The field is the address of the count. */
  get begunWorkers(): number {
    return Atomics.load(this.#atoms, this.#word(field.begun) >> 2);
  }

  /** Address of the trace directory. */
  get directory(): number {
    return this.#word(field.directory);
  }

  /** Lets the waiting core pool so many threads. */
  expectThreads(count: number): void {
    this.#tell(count * 2);
  }

  /** Lets the waiting core begin. `origin` is the zero of the run's clock. */
  go(request: Request, origin: number): void {
    const text = new TextEncoder().encode(mailText(request));
    const capacity = this.#word(field.mailboxCapacity);
    if (text.length > capacity) {
      const message = `the parameters take ${text.length} bytes, more than ${capacity}`;
      throw new StartError('parameters', message);
    }
    this.#bytes.set(text, this.#word(field.mailbox));
    this.#view.setUint32(this.#address + field.mailboxLength, text.length, true);
    this.#view.setFloat64(this.#address + field.origin, origin, true);
    this.#view.setUint32(this.#address + field.process, request.process ?? 1, true);
    this.#view.setUint32(this.#address + field.slot, request.slot ?? 0, true);
    const pooled = Atomics.load(this.#atoms, this.#index(field.go)) >> 1;
    this.#tell(Math.max(pooled, request.threads ?? 0) * 2 + 1);
  }

  /** Every thread sees this at its next point; those that sleep need `weft_stop` besides. */
  stop(): void {
    Atomics.store(this.#atoms, this.#index(field.stop), 1);
  }

  #tell(word: number): void {
    Atomics.store(this.#atoms, this.#index(field.go), word);
    Atomics.notify(this.#atoms, this.#index(field.go));
  }

  #word(offset: number): number {
    return this.#view.getUint32(this.#address + offset, true);
  }

  #index(offset: number): number {
    return (this.#address + offset) / 4;
  }
}

function mailText(request: Request): string {
  const lines = [request.entryPoint ?? 'run', request.demo];
  for (const [name, value] of Object.entries(request.parameters)) lines.push(`${name}=${value}`);
  const broken = lines.find((line) => /[\n\r]/.test(line));
  if (broken !== undefined) {
    throw new StartError('parameters', `line break in ${JSON.stringify(broken)}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}
