import { Kind } from './kinds.ts';

/**
 * The current task of each thread: the last that began or resumed and has neither ended nor been suspended. A task that is
 * run within another one's body comes on top of it.
 */
export class TaskStacks {
  readonly #stacks = new Map<number, number[]>();

  /** To be called for each record, in their order. The task that it belongs to; 0 if to none. */
  follow(process: number, thread: number, kind: number, object: number): number {
    if (this.#stacks.size === 0 && kind !== Kind.task_start && kind !== Kind.task_resume) return 0;
    const key = process * 2 ** 24 + thread;
    const stack = this.#stacks.get(key);
    switch (kind) {
      case Kind.task_start:
      case Kind.task_resume:
        if (stack) stack.push(object);
        else this.#stacks.set(key, [object]);
        return object;
      case Kind.task_finish:
      case Kind.task_suspend: {
        // A future that is completed by hand was never begun.
        const place = stack ? stack.lastIndexOf(object) : -1;
        if (place >= 0) {
          stack!.length = place;
          return object;
        }
        break;
      }
      case Kind.thread_end:
        this.#stacks.delete(key);
        return 0;
    }
    return stack?.at(-1) ?? 0;
  }
}
