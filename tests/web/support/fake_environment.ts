import { controlMagic } from '../../../web/src/machine/abi.generated.ts';
import { directoryMagic, formatVersion } from '../../../web/src/trace/format.generated.ts';
import type { Environment, HostWorker } from '../../../web/src/machine/environment.ts';
import { encodeRecord, slotsOf } from '../../../web/src/trace/record.ts';
import type { RecordFields } from '../../../web/src/trace/record.ts';
import type { FromHost, ToHost } from '../../../web/src/machine/messages.ts';

/** Where a fake core keeps things in its memory. */
export const controlAddress = 1024;
const directoryAddress = 2048;
const mailboxAddress = 4096;
const mailboxCapacity = 256;
const ringAddress = 8192;
const ringHeaderWords = 48;
const workersAddress = 3000;
export const fakeWorkers = 6;
const field = { state: 2, go: 3, stop: 4, status: 5, begun: 13, workers: 14, slot: 15 };
const originOffset = 40;

/** A host worker of which the test plays the other side. */
export class FakeHost implements HostWorker {
  onMessage: (message: FromHost) => void = () => {};
  onError: (text: string) => void = () => {};
  hasRun = false;
  readonly posted: ToHost[] = [];
  readonly name: string;
  isTerminated = false;
  /** What the process had its handlers at, for messages that come too late. */
  #lateOnMessage: (message: FromHost) => void = () => {};

  constructor(name: string) {
    this.name = name;
  }

  post(message: ToHost): void {
    if (this.isTerminated) throw new Error('posted to a terminated worker');
    this.posted.push(message);
    if (message.type === 'boot') this.#lateOnMessage = this.onMessage;
  }

  terminate(): void {
    this.isTerminated = true;
  }

  get memory(): SharedArrayBuffer {
    const boot = this.posted.find((message) => message.type === 'boot');
    if (!boot) throw new Error('not booted');
    return boot.memory.buffer as unknown as SharedArrayBuffer;
  }

  get words(): Int32Array {
    return new Int32Array(this.memory);
  }

  get shared(): SharedArrayBuffer {
    const boot = this.posted.find((message) => message.type === 'boot');
    if (!boot) throw new Error('not booted');
    return boot.shared.buffer as unknown as SharedArrayBuffer;
  }

  word(name: 'state' | 'go' | 'stop' | 'status' | 'slot'): number {
    return this.words[controlAddress / 4 + field[name]]!;
  }

  setWord(name: 'state' | 'status', value: number): void {
    this.words[controlAddress / 4 + field[name]] = value;
  }

  get origin(): number {
    return new DataView(this.memory).getFloat64(controlAddress + originOffset, true);
  }

  get mail(): string {
    const length = this.words[controlAddress / 4 + 9]!;
    return new TextDecoder().decode(new Uint8Array(this.memory).slice(mailboxAddress, mailboxAddress + length));
  }

  /** Fills in what a core has in its memory, and says it is ready. */
  becomeReady({ version = 3 } = {}): void {
    const control = [controlMagic, version, 1, 0, 0, 0, directoryAddress, mailboxAddress, mailboxCapacity];
    this.words.set(control, controlAddress / 4);
    this.words[controlAddress / 4 + field.workers] = workersAddress;
    this.words[controlAddress / 4 + field.begun] = workersAddress;
    this.words[workersAddress / 4] = fakeWorkers;
    this.words.set([directoryMagic, formatVersion, 1, 16, 4, 0, 0, 0], directoryAddress / 4);
    this.onMessage({ type: 'ready', control: controlAddress });
  }

  /** Writes records as thread 1 of the process of that number, from the first slot of its only ring. */
  record(process: number, records: readonly RecordFields[]): void {
    const words = new Uint32Array(this.memory);
    const directory = directoryAddress / 4;
    words[directory + 2] = process;
    words[directory + 8] = ringAddress;
    let slot = 0;
    for (const fields of records) {
      encodeRecord(words.subarray(ringAddress / 4 + ringHeaderWords), slot, fields);
      slot += slotsOf(fields);
    }
    Atomics.store(this.words, ringAddress / 4, slot);
    Atomics.store(this.words, directory + 5, 1);
  }

  /** As a message that was on its way when the worker was terminated. */
  sayLate(message: FromHost): void {
    this.#lateOnMessage(message);
    this.onMessage(message);
  }
}

export class FakeEnvironment implements Environment {
  readonly core = 'core.mjs';
  readonly description = 'a test';
  readonly hosts: FakeHost[] = [];
  compilations = 0;
  tick: () => void = () => {};
  isPulsing = false;
  /** Replaced by tests of what can go wrong. */
  compileModule: () => Promise<WebAssembly.Module> = async () => new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));

  compile(): Promise<WebAssembly.Module> {
    this.compilations += 1;
    return this.compileModule();
  }

  createHost(name: string): HostWorker {
    const host = new FakeHost(name);
    this.hosts.push(host);
    return host;
  }

  createPulse(tick: () => void) {
    this.tick = tick;
    return {
      start: () => (this.isPulsing = true),
      stop: () => (this.isPulsing = false),
      close: () => (this.isPulsing = false),
    };
  }
}
