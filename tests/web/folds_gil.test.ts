import assert from 'node:assert/strict';
import { test } from 'node:test';
import { threadOf } from '../../web/src/folds/fold.ts';
import { Gils, heldBy, longestWaitOf, waitedBy } from '../../web/src/folds/gil.ts';
import { GilRelease, Kind, Reason, Unblocked } from '../../web/src/trace/kinds.ts';
import { FakeRecords } from './support/fake_records.ts';
import type { FakeRecord } from './support/fake_records.ts';

const gil = 9;

function folded(list: FakeRecord[]): Gils {
  const gils = new Gils();
  gils.take(new FakeRecords(list), 0, list.length);
  return gils;
}

/** Thread 1 computes, thread 2 waits for a switch interval, asks, gets it, and ends. */
const handedOver: FakeRecord[] = [
  { kind: Kind.gil_open, time: 0, object: gil, argument: 5000 },
  { kind: Kind.gil_acquire, time: 0, object: gil },
  { kind: Kind.blocked, time: 1000, thread: 2, object: gil, detail: Reason.gil },
  { kind: Kind.unblocked, time: 6000, thread: 2, object: gil, detail: Unblocked.timed_out },
  { kind: Kind.gil_request, time: 6000, thread: 2, object: gil },
  { kind: Kind.blocked, time: 6000, thread: 2, object: gil, detail: Reason.gil },
  { kind: Kind.gil_release, time: 7000, object: gil, detail: GilRelease.requested },
  { kind: Kind.blocked, time: 7000, object: gil, detail: Reason.gil },
  { kind: Kind.unblocked, time: 7500, thread: 2, object: gil, detail: Unblocked.woken },
  { kind: Kind.gil_acquire, time: 7500, thread: 2, object: gil },
  { kind: Kind.gil_release, time: 9000, thread: 2, object: gil, detail: GilRelease.ended },
  { kind: Kind.unblocked, time: 9200, object: gil, detail: Unblocked.woken },
  { kind: Kind.gil_acquire, time: 9200, object: gil },
];

test('gil: who had it when, and who waited how long', () => {
  const gils = folded(handedOver);
  const [history] = gils.list;
  assert.ok(history);
  assert.deepEqual([history.interval, history.handovers, history.requests.count], [5000, 2, 1]);
  assert.deepEqual(
    [0, 6999, 7100, 8000, 9100, 9300].map((time) => threadOf(history.holding.at(time))),
    [1, 1, 0, 2, 0, 1],
  );
  const [one, other] = gils.usersOf(history);
  assert.deepEqual([one!.thread, one!.times, heldBy(one!, 10_000)], [1, 2, 7800]);
  assert.deepEqual([other!.thread, other!.times, heldBy(other!, 10_000)], [2, 1, 1500]);
  assert.equal(waitedBy(other!, 10_000), 6500, 'asking for it does not end the wait');
  assert.equal(longestWaitOf(other!, 10_000), 6500);
  assert.equal(waitedBy(one!, 10_000), 2200);
  assert.deepEqual(
    [500, 2000, 8000, 9300].map((time) => history.waiting.at(time)),
    [0, 1, 1, 0],
  );
});

test('gil: a wait that goes on counts until now', () => {
  const gils = folded(handedOver.slice(0, 6));
  const [history] = gils.list;
  const waiting = gils.usersOf(history!).find(({ thread }) => thread === 2)!;
  assert.deepEqual([waitedBy(waiting, 8000), longestWaitOf(waiting, 8000)], [7000, 7000]);
  assert.ok(Number.isNaN(history!.closedAt));
});

test('gil: waits for other things are none for it', () => {
  const gils = folded([
    ...handedOver,
    { kind: Kind.gil_release, time: 9500, object: gil, detail: GilRelease.waits },
    { kind: Kind.blocked, time: 9500, object: 3, detail: Reason.lock },
    { kind: Kind.unblocked, time: 9900, object: 3, detail: Unblocked.woken },
    { kind: Kind.gil_close, time: 9950, object: gil },
  ]);
  assert.equal(gils.list.length, 1);
  assert.equal(gils.list[0]!.closedAt, 9950);
  assert.equal(waitedBy(gils.usersOf(gils.list[0]!)[0]!, 10_000), 2200);
});
