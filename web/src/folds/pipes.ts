import { Kind } from '../trace/kinds.ts';
import { objectKey } from './fold.ts';
import type { Fold, Records } from './fold.ts';
import { Steps } from './steps.ts';

/** One direction of a pipe. */
export interface PipeHistory {
  process: number;
  object: number;
  /** The end that sends: 0 or 1. */
  from: number;
  /** Messages sent and not yet received. */
  waiting: Steps;
  sent: number;
  received: number;
  sentBytes: number;
  /** A process died half way through a message. */
  abandoned: boolean;
}

/** What went through which pipe, and what was on its way when. */
export class Pipes implements Fold {
  readonly list: PipeHistory[] = [];
  readonly #byKey = new Map<number, (PipeHistory | undefined)[]>();

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      switch (records.kind(index)) {
        case Kind.pipe_send: {
          const pipe = this.#pipeOf(records, index);
          pipe.sent += 1;
          pipe.sentBytes += records.argument(index);
          pipe.waiting.push(records.time(index), pipe.sent - pipe.received);
          break;
        }
        case Kind.pipe_receive: {
          const pipe = this.#pipeOf(records, index);
          pipe.received += 1;
          // A trace that lost the sending has received more than was sent.
          pipe.waiting.push(records.time(index), Math.max(0, pipe.sent - pipe.received));
          break;
        }
        case Kind.abandon: {
          const directions = this.#byKey.get(objectKey(records.process(index), records.object(index))) ?? [];
          for (const pipe of directions) if (pipe) pipe.abandoned = true;
          break;
        }
      }
    }
  }

  #pipeOf(records: Records, index: number): PipeHistory {
    const [process, object] = [records.process(index), records.object(index)];
    // Both who sends and who receives tell the end that sent.
    const from = records.detail(index) & 1;
    const key = objectKey(process, object);
    let directions = this.#byKey.get(key);
    if (!directions) this.#byKey.set(key, (directions = [undefined, undefined]));
    let pipe = directions[from];
    if (!pipe) {
      pipe = { process, object, from, waiting: new Steps(), sent: 0, received: 0, sentBytes: 0, abandoned: false };
      directions[from] = pipe;
      this.list.push(pipe);
    }
    return pipe;
  }
}
