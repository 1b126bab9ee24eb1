import { Kind } from '../trace/kinds.ts';
import { Entities } from './entities.ts';
import type { Entity } from './entities.ts';
import { Fold, ownerOf } from './fold.ts';
import type { Records } from './fold.ts';
import { Steps } from './steps.ts';

/** One direction of a pipe. */
export interface PipeHistory extends Entity {
  process: number;
  object: number;
  /** The end that sends: 0 or 1. */
  from: number;
  /** Messages sent and not yet received. */
  waiting: Steps;
  sent: number;
  received: number;
  sentBytes: number;
  /** A process died while sending or receiving a message. */
  abandoned: boolean;
}

/** Messages through each pipe, and how many were in it over time. */
export class Pipes extends Fold {
  private readonly pipes = new Entities<PipeHistory>();

  get list(): readonly PipeHistory[] {
    return this.pipes.list;
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      switch (records.kind(index)) {
        case Kind.pipe_send: {
          const pipe = this.pipeOf(records, index);
          pipe.sent += 1;
          pipe.sentBytes += records.argument(index);
          pipe.waiting.push(records.time(index), pipe.sent - pipe.received);
          break;
        }
        case Kind.pipe_receive: {
          const pipe = this.pipeOf(records, index);
          pipe.received += 1;
          // A trace that lost the sending has received more than was sent.
          pipe.waiting.push(records.time(index), Math.max(0, pipe.sent - pipe.received));
          break;
        }
        case Kind.abandon: {
          for (const from of [0, 1]) {
            const pipe = this.pipes.find(groupOf(records.process(index), records.object(index), from), records.object(index));
            if (pipe) this.pipes.own(pipe).abandoned = true;
          }
          break;
        }
      }
    }
  }

  private pipeOf(records: Records, index: number): PipeHistory {
    const [process, object] = [records.process(index), records.object(index)];
    // Both who sends and who receives tell the end that sent.
    const from = records.detail(index) & 1;
    const group = groupOf(process, object, from);
    return this.pipes.get(group, object, () => ({
      process,
      object,
      from,
      waiting: new Steps(),
      sent: 0,
      received: 0,
      sentBytes: 0,
      abandoned: false,
    }));
  }
}

/** The directions of a pipe are told apart by their groups. */
function groupOf(process: number, object: number, from: number): number {
  return ownerOf(process, object) * 2 + from;
}
