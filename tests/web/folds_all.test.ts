import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConsoleLines } from '../../web/src/folds/console.ts';
import { Deadlocks } from '../../web/src/folds/deadlocks.ts';
import { Depth } from '../../web/src/folds/depth.ts';
import type { Fold } from '../../web/src/folds/fold.ts';
import { Folds } from '../../web/src/folds/folds.ts';
import type { FoldKind } from '../../web/src/folds/folds.ts';
import { Gates } from '../../web/src/folds/gates.ts';
import { Gils } from '../../web/src/folds/gil.ts';
import { Holders } from '../../web/src/folds/holders.ts';
import { Images } from '../../web/src/folds/images.ts';
import { KindsSeen } from '../../web/src/folds/kinds_seen.ts';
import { Lanes } from '../../web/src/folds/lanes.ts';
import { Marks } from '../../web/src/folds/marks.ts';
import { Pipes } from '../../web/src/folds/pipes.ts';
import { Processes } from '../../web/src/folds/processes.ts';
import { Progress } from '../../web/src/folds/progress.ts';
import { Rewindable } from '../../web/src/folds/rewindable.ts';
import { Rows } from '../../web/src/folds/rows.ts';
import { Samples } from '../../web/src/folds/samples.ts';
import { Summary } from '../../web/src/folds/summary.ts';
import { TaskNumbers } from '../../web/src/folds/task_numbers.ts';
import { Tasks } from '../../web/src/folds/tasks.ts';
import { ThreadObjects } from '../../web/src/folds/thread_objects.ts';
import { FakeRecords, randomNumbers, randomRun } from './support/fake_records.ts';
import { foldedFrom, plain } from './support/plain.ts';

const kinds: readonly FoldKind[] = [
  ConsoleLines,
  Deadlocks,
  Depth,
  Gates,
  Gils,
  Holders,
  Images,
  KindsSeen,
  Lanes,
  Marks,
  Pipes,
  Processes,
  Progress,
  Rows,
  Samples,
  Summary,
  TaskNumbers,
  Tasks,
  ThreadObjects,
];

for (const kind of kinds) {
  test(`${kind.name}: piece by piece, forked and rewound, it is what folding the records from nothing gives`, () => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const list = randomRun(seed, 2000);
      const random = randomNumbers(seed * 77);
      const whole = new FakeRecords(list);
      const expect = (fold: Fold, count: number, what: string) =>
        assert.deepEqual(plain(fold), plain(foldedFrom(kind, whole, count)), `seed ${seed}: ${what} ${count}`);
      const grown = new FakeRecords([]);
      const rewindable = new Rewindable<Fold>(kind, 64);
      const kept: { fold: Fold; count: number }[] = [];
      while (grown.length < list.length) {
        grown.list.push(...list.slice(grown.length, grown.length + 1 + Math.floor(random() ** 3 * 300)));
        rewindable.advance(grown, grown.length);
        assert.equal(rewindable.taken, grown.length);
        expect(rewindable.at(grown, Infinity), grown.length, 'the end at');
        // To and fro, also on to records that have just come; what was rewound to stays as it was.
        for (let times = 0; times < 3; times += 1) {
          const count = times === 2 ? grown.length : Math.floor(random() * (grown.length + 1));
          const fold = rewindable.at(grown, count);
          expect(fold, count, 'rewound to');
          kept.push({ fold, count });
        }
        // One that was rewound may itself go on.
        const { fold, count } = kept[Math.floor(random() * kept.length)] ?? {};
        if (fold && random() < 0.3) {
          const fork = fold.fork();
          const to = count! + Math.floor(random() * (grown.length - count!));
          fork.take(grown, count!, to);
          expect(fork, to, `from ${count} on to`);
        }
      }
      for (const { fold, count } of kept.filter(() => random() < 0.2)) expect(fold, count, 'what was rewound to, later,');
      expect(rewindable.at(grown, Infinity), list.length, 'the end at');
    }
  });
}

test('folds: those that every run has go together, others catch up slice by slice', () => {
  const list = randomRun(3, 50_000);
  const records = new FakeRecords(list);
  const folds = new Folds();
  let slices = 0;
  assert.equal(
    folds.advance(records, () => ++slices < 2),
    true,
  );
  assert.ok(folds.taken > 0 && folds.taken < list.length, 'there was no time for all');
  const first = folds.taken;
  assert.deepEqual(plain(folds.at(Lanes, records, Infinity)), plain(foldedFrom(Lanes, records, first)));
  assert.deepEqual(plain(folds.at(Lanes, records, 100)), plain(foldedFrom(Lanes, records, 100)));
  assert.equal(folds.advance(records), true);
  assert.equal(folds.advance(records), false, 'nothing new is nothing to fold');
  assert.equal(folds.taken, list.length);

  const late = folds.at(Depth, records, Infinity);
  assert.ok(folds.isBehind(records));
  assert.equal(folds.hasTaken(Depth, list.length), false);
  assert.equal(folds.hasTaken(Depth, 100), true);
  assert.deepEqual(plain(folds.at(Depth, records, 100)), plain(foldedFrom(Depth, records, 100)));
  assert.ok(folds.advance(records));
  assert.equal(folds.isBehind(records), false);
  assert.equal(folds.at(Depth, records, Infinity), late, 'the end is one fold');
  assert.deepEqual(plain(late), plain(foldedFrom(Depth, records, list.length)));
});

test('the folds of an empty trace are empty', () => {
  const folds = new Folds();
  const none = new FakeRecords();
  assert.equal(folds.advance(none), false);
  assert.equal(folds.at(Lanes, none, Infinity).list.length, 0);
  assert.equal(folds.at(ConsoleLines, none, 0).length, 0);
  assert.ok(Number.isNaN(folds.at(Summary, none, Infinity).exitStatus));
});

test('a fold whose copies are large has fewer checkpoints', () => {
  // Every record is of another lock: each is copied for a checkpoint.
  const records = new FakeRecords(Array.from({ length: 40_000 }, (_, index) => ({ kind: 5, time: index, object: 1 + (index % 20_000) })));
  const holders = new Rewindable(Holders);
  holders.advance(records, records.length);
  assert.ok(holders.checkpointBytes <= records.length * 8, `${holders.checkpointBytes} bytes`);
  for (const count of [1, 20_000, 39_999]) assert.deepEqual(plain(holders.at(records, count)), plain(foldedFrom(Holders, records, count)));
});
