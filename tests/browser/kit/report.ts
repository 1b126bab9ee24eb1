/** Counts tests and says what became of each. */
export class Report {
  passed = 0;
  failed = 0;

  pass(name: string, milliseconds: number): void {
    this.passed += 1;
    console.log(`ok     ${name} (${seconds(milliseconds)})`);
  }

  fail(name: string, milliseconds: number, why: string): void {
    this.failed += 1;
    console.log(`FAILED ${name} (${seconds(milliseconds)})`);
    console.log(why.replace(/^/gm, '         '));
  }

  /** Prints the closing line; returns the exit status. */
  close(): number {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    // No tests found is not a success.
    return this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}

export const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;

export function textOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  // Where a test failed is in the stack; where a browser call failed is in the message.
  const stack = thrown.stack ?? '';
  return stack.includes(thrown.message) ? stack : `${thrown.message}\n${stack}`;
}
