import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { baseline, baselineMoment, compareWith, dropBaseline, isPinned, pinBaseline, swapRuns } from '../../web/src/app/compare.ts';
import { linkOfAll } from '../../web/src/app/link.ts';
import { OpenRun } from '../../web/src/app/runs/open_run.ts';
import {
  address,
  addressOf,
  catalogue,
  demo,
  dismiss,
  follow,
  former,
  isStale,
  notices,
  openRun,
  raw,
  reading,
  resetRaw,
  setRaw,
  shown,
  shownValues,
  showRun,
} from '../../web/src/app/state.ts';
import { Trace } from '../../web/src/trace/columns.ts';
import { catalogueOfThree, pool, queue, tool } from './support/demos.ts';

beforeEach(() => {
  catalogue.value = catalogueOfThree;
  demo.value = null;
  raw.value = new Map();
});

const kinds = () => notices.value.map(({ kind, text }) => `${kind} ${text}`);

test('without an address the first demo that is listed is shown', () => {
  follow('');
  assert.equal(demo.value, queue);
  assert.deepEqual(kinds(), []);
});

test('an address brings demo and values', () => {
  follow('#v1/thread-pool?workers=8&work=wait');
  assert.equal(demo.value, pool);
  assert.equal(reading.value?.values.get('workers'), 8);
  assert.equal(address.value, '#v2/thread-pool?workers=8&work=wait');
});

test('a hidden demo is reached by its address', () => {
  follow('#v1/flood');
  assert.equal(demo.value, tool);
});

test('an unknown demo is said, and the first one shown', () => {
  follow('#v1/nothing?workers=3');
  assert.equal(demo.value, queue);
  assert.deepEqual(kinds(), ['unknownDemo nothing']);
  assert.equal(raw.value.size, 0);
});

test('an address that cannot be read is said', () => {
  follow('#v9/thread-pool');
  assert.equal(demo.value, queue);
  assert.deepEqual(kinds(), ['unreadable v9/thread-pool']);
  dismiss(notices.value[0]!);
  assert.deepEqual(kinds(), []);
});

test('unknown parameters are said, bad values stay in their field', () => {
  follow('#v1/thread-pool?colour=red&workers=99&size=3');
  assert.deepEqual(kinds(), ['unknownParameters colour, size']);
  assert.equal(raw.value.get('workers'), '99');
  assert.equal(reading.value?.problems.get('workers')?.kind, 'too-large');
  assert.equal(address.value, '#v2/thread-pool?workers=99', 'the link reproduces the form, error included');
});

test('editing changes the address, resetting takes it back', () => {
  follow('#v1/thread-pool');
  setRaw('workers', '7');
  setRaw('compare', 'false');
  assert.equal(address.value, '#v2/thread-pool?workers=7&compare=false');
  resetRaw('workers');
  assert.equal(address.value, '#v2/thread-pool?compare=false');
  resetRaw();
  assert.equal(address.value, '#v2/thread-pool');
});

test('what was typed for a demo is there on the way back', () => {
  follow('#v1/thread-pool');
  setRaw('workers', '7');
  follow('#v1/producer-consumer');
  assert.equal(addressOf(pool), '#v2/thread-pool?workers=7');
});

test('a demo without a version is opened, and one that is not there is said', () => {
  follow('#thread-pool?workers=3');
  assert.equal(demo.value, pool);
  assert.equal(reading.value?.values.get('workers'), 3);
  follow('#no-such-demo');
  assert.deepEqual(kinds(), ['unknownDemo no-such-demo']);
});

test('no text makes a long link, and what was wrong stays wrong', () => {
  follow('#v2/thread-pool');
  for (const text of ['9'.repeat(100_000), `7${' '.repeat(60)}x`, '线'.repeat(5000), `${'0'.repeat(50)}${'9'.repeat(50)}`]) {
    setRaw('workers', text);
    assert.ok(address.value.length < 500, `${address.value.length} signs`);
    const before = reading.value!.problems.get('workers');
    assert.ok(before);
    follow(address.value);
    assert.ok(reading.value!.problems.has('workers'), `${raw.value.get('workers')} is refused as ${text.slice(0, 20)} was`);
  }
});

function runWith(parameters: Record<string, number | boolean | string>, source: 'live' | 'recorded' = 'live'): OpenRun {
  return new OpenRun(pool, source, new Trace(), { version: 2, demo: pool.id, parameters, date: '', machine: '' });
}

test('a run is stale while the form says something else', () => {
  follow('#v1/thread-pool?workers=7');
  assert.equal(isStale.value, false, 'without a run');
  showRun(runWith({ workers: 7, work: 'compute', cost: 20, compare: true }));
  assert.equal(isStale.value, false);
  setRaw('workers', '8');
  assert.equal(isStale.value, true);
  setRaw('workers', ' 7.0 ');
  assert.equal(isStale.value, false, 'the same number, written otherwise');
  setRaw('workers', 'seven');
  assert.equal(isStale.value, true, 'what is not accepted is not what was run');
  resetRaw('workers');
  assert.equal(isStale.value, true);
  showRun(runWith({}));
  assert.equal(isStale.value, false, 'a recorded run has the defaults');
  setRaw('work', 'wait');
  showRun(runWith({ work: 'wait', workers: 4, compare: true }));
  setRaw('cost', '33');
  assert.equal(isStale.value, false, 'a parameter that does not apply makes no difference');
  follow('#v1/producer-consumer');
  assert.equal(isStale.value, false, 'it is the run of another demo');
  showRun(null);
});

test('the values shown are those of the run shown', () => {
  follow('#v1/thread-pool?workers=7');
  assert.deepEqual([...shownValues.value], [['workers', '7']], 'without a run those of the form');
  showRun(runWith({ workers: 7, work: 'wait', compare: true }));
  setRaw('workers', '9');
  assert.deepEqual(
    [...shownValues.value],
    [
      ['workers', '7'],
      ['work', 'wait'],
    ],
  );
  assert.equal(address.value, '#v2/thread-pool?workers=9');
  showRun(null);
});

test('A and B are swapped, and the form goes with what is shown unless it has been changed', () => {
  follow('#v1/thread-pool?workers=7');
  const [first, second] = [runWith({ workers: 5 }), runWith({ workers: 7 })];
  showRun(second);
  former.value = first;
  shown.value = { start: 1, end: 2 };
  swapRuns();
  assert.deepEqual([openRun.value, baseline.value], [first, second]);
  assert.deepEqual(shown.value, { start: 1, end: 2 }, 'the part of the axis that is shown');
  assert.equal(address.value, '#v2/thread-pool?workers=5');
  setRaw('workers', '30');
  swapRuns();
  assert.deepEqual([openRun.value, baseline.value], [second, first]);
  assert.equal(address.value, '#v2/thread-pool?workers=30', 'what the reader has typed stays');
  assert.equal(baselineMoment(), first.at());
  dropBaseline();
  showRun(null);
});

test('A is the run before the latest, or one that was chosen', () => {
  follow('#v1/thread-pool');
  const [first, second, third] = [runWith({ workers: 5 }), runWith({ workers: 6 }), runWith({ workers: 7 })];
  showRun(second);
  former.value = first;
  assert.deepEqual([baseline.value, isPinned.value], [first, false]);
  pinBaseline(true);
  former.value = second;
  showRun(third);
  assert.deepEqual([baseline.value, isPinned.value], [first, true], 'the next run leaves it');
  swapRuns();
  assert.deepEqual([openRun.value, baseline.value, isPinned.value], [first, third, true]);
  pinBaseline(false);
  assert.deepEqual([baseline.value, isPinned.value], [third, false]);
  compareWith(second);
  assert.deepEqual([baseline.value, isPinned.value], [second, true]);
  follow('#v1/producer-consumer');
  assert.equal(baselineMoment(), null, 'a run of another demo is not compared with');
  follow('#v1/thread-pool');
  assert.equal(baselineMoment(), second.at());
  compareWith(first);
  assert.equal(baselineMoment(), null, 'a run is not compared with itself');
  dropBaseline();
  assert.deepEqual([baselineMoment(), isPinned.value], [null, false]);
  showRun(null);
});

test('a link has the window of the run whose parameters it has', () => {
  const look = (run: OpenRun) => {
    follow('#v2/thread-pool');
    showRun(run);
    shown.value = { start: 1e6, end: 2e6 };
  };
  const parametersOf = (link: string) => link.match(/\bworkers=\d+/)?.[0];
  const hasWindow = (link: string) => link.includes('.window=1-2');
  look(runWith({ workers: 7, work: 'compute', cost: 20, compare: true }));
  setRaw('workers', '9');
  assert.deepEqual([parametersOf(linkOfAll()), hasWindow(linkOfAll())], ['workers=7', true], 'of the run, which the form has left behind');
  look(runWith({}, 'recorded'));
  assert.equal(hasWindow(linkOfAll()), true, 'the recorded run has the parameters of the form');
  setRaw('workers', '9');
  assert.deepEqual([parametersOf(linkOfAll()), hasWindow(linkOfAll())], ['workers=9', false], 'of the form: the window is of another run');
  showRun(null);
  shown.value = null;
});
