import { firstSharedObject } from './kinds.ts';

/** The process that an object's number belongs to; 0: processes share it, and it has the number in all of them. */
export function ownerOf(process: number, object: number): number {
  return object >= firstSharedObject ? 0 : process;
}

/** Whether an object of one process is that of another. */
export function isSameObject(process: number, object: number, otherProcess: number, other: number): boolean {
  return object === other && ownerOf(process, object) === ownerOf(otherProcess, other);
}
