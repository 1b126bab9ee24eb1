import { Kind } from '../trace/kinds.ts';
import { objectKey } from './fold.ts';
import type { Fold, Records } from './fold.ts';
import { Steps } from './steps.ts';

/** One direction of a pipe. */
export interface PipeHistory {
  process: number;
  object: number;
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
  readonly #byKey = new Map<number, PipeHistory>();

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
          const pipe = this.#byKey.get(objectKey(records.process(index), records.object(index)));
          if (pipe) pipe.abandoned = true;
          break;
        }
      }
    }
  }

  #pipeOf(records: Records, index: number): PipeHistory {
    const [process, object] = [records.process(index), records.object(index)];
    const key = objectKey(process, object);
    let pipe = this.#byKey.get(key);
    if (!pipe) {
      pipe = { process, object, waiting: new Steps(), sent: 0, received: 0, sentBytes: 0, abandoned: false };
      this.#byKey.set(key, pipe);
      this.list.push(pipe);
    }
    return pipe;
  }
}
