import type { Reason } from './plan.ts';

/** `try … catch_all`: exceptions in the encoding that the core is compiled with. */
const withExceptions = [0x0a, 0x08, 1, 6, 0, 0x06, 0x40, 0x19, 0x0b, 0x0b];
/** `return_call`: what coroutines transfer control with. */
const withTailCall = [0x0a, 0x06, 1, 4, 0, 0x12, 0, 0x0b];

/** A module with one function, whose code section is given. */
function isValid(code: readonly number[]): boolean {
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const typeAndFunction = [1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0];
  return WebAssembly.validate(new Uint8Array([...header, ...typeAndFunction, ...code]));
}

/** What the browser lacks whatever the page's headers are, or null. */
export function missingFeature(): { reason: Reason; text: string } | null {
  if (!isSecureContext) return { reason: 'insecure-context', text: '' };
  if (typeof Worker === 'undefined') return { reason: 'no-workers', text: '' };
  if (typeof WebAssembly === 'undefined') return { reason: 'no-webassembly', text: '' };
  if (!isValid(withExceptions)) return { reason: 'no-webassembly', text: 'no exceptions' };
  if (!isValid(withTailCall)) return { reason: 'no-webassembly', text: 'no tail calls' };
  return null;
}

/** Why an isolated page has no shared memory, or null if it has. */
export function missingSharedMemory(): string | null {
  if (typeof SharedArrayBuffer === 'undefined') return 'SharedArrayBuffer is not defined';
  try {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    return memory.buffer instanceof SharedArrayBuffer ? null : 'the memory is not shared';
  } catch (error) {
    return String(error);
  }
}
