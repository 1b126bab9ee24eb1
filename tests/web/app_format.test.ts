import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  endOfName,
  formatBytes,
  formatDuration,
  formatMoment,
  formatNumber,
  formatPercent,
  formatTick,
  shortName,
  ticksBetween,
} from '../../web/src/app/format.ts';

test('durations have three digits that count', () => {
  const cases: [number, string][] = [
    [0, '0 s'],
    [950, '950 ns'],
    [1234, '1.23 µs'],
    [999_800, '1 ms'],
    [1_250_000, '1.25 ms'],
    [43_210_000, '43.2 ms'],
    [999_900_000, '1 s'],
    [1_500_000_000, '1.5 s'],
    [61_000_000_000, '61 s'],
    [NaN, '–'],
  ];
  for (const [value, expected] of cases) assert.equal(formatDuration(value, 'en'), expected);
});

test('numbers and shares', () => {
  assert.equal(formatNumber(1_234_567, 'en'), '1,234,567');
  assert.equal(formatNumber(133.7042, 'en'), '134');
  assert.equal(formatNumber(1.8750284, 'en'), '1.88');
  assert.equal(formatNumber(NaN, 'en'), '–');
  assert.equal(formatPercent(0.034, 'en'), '3.4%');
  assert.equal(formatPercent(0.874, 'en'), '87%');
});

test('moments are as exact as what is shown', () => {
  assert.equal(formatMoment(177_237_400, 97_500), '177.24 ms');
  assert.equal(formatMoment(177_237_400, 5e6), '177 ms');
});

test('ticks are round, and no closer than asked', () => {
  for (const [start, end, least] of [
    [0, 1e9, 84e6],
    [123, 9_876_543, 700_001],
    [5e8, 5.0001e8, 900],
  ] as const) {
    const { step, times } = ticksBetween(start, end, least);
    assert.ok(step >= least && step <= least * 10);
    assert.match(String(Number(step.toPrecision(6))), /^[125]0*$/);
    for (const time of times) assert.ok(time >= start && time <= end && Math.abs(time / step - Math.round(time / step)) < 1e-6);
  }
  assert.equal(formatTick(0, 1e8), '0');
  assert.equal(formatTick(3e8, 1e8), '300 ms');
  assert.equal(formatTick(1.2e9, 1e8), '1.2 s');
  assert.equal(formatTick(25_000, 5000), '25 µs');
});

test('long names of threads are cut to their sense', () => {
  assert.equal(shortName('worker_3'), 'worker_3');
  assert.equal(shortName('ThreadPoolExecutor-0_12'), 'T0_12');
  assert.deepEqual(
    ['Pool-2-Worker-1', 'philosopher 12'].map((name) => shortName(name, 7)),
    ['P2W1', 'P12'],
  );
  assert.equal(shortName('消费者线程-7', 4), '消7');
  assert.equal(shortName('a very long name'), 'a very lo…');
});

test('names are cut before what tells them apart', () => {
  const ends = ['Pool-2-Worker-1', 'ThreadPoolExecutor-0_12', '消费者线程-7', 'Aristotle', 'W1', ''].map((name) =>
    name.slice(endOfName(name)),
  );
  assert.deepEqual(ends, ['-1', '-0_12', '-7', 'otle', '1', '']);
});

test('bytes have three digits that count', () => {
  assert.deepEqual(
    [0, 999, 1000, 2_100_000, 16_777_216, 5e9].map((bytes) => formatBytes(bytes, 'en')),
    ['0 B', '999 B', '1 kB', '2.1 MB', '16.8 MB', '5 GB'],
  );
});
