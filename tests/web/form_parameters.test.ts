import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { NumberParameter, Parameter } from '../../web/src/app/catalogue.ts';
import {
  applies,
  fromSlider,
  hasSlider,
  isDefault,
  isLogarithmic,
  isRunOption,
  mainParameters,
  nonDefaults,
  readAll,
  readValue,
  sliderSteps,
  toSlider,
} from '../../web/src/app/parameters.ts';
import { compare, cost, demoWith, pool, work, workers } from './support/demos.ts';

function kindOf(parameter: Parameters<typeof readValue>[0], raw: string): string {
  const reading = readValue(parameter, raw);
  return 'problem' in reading ? reading.problem.kind : `= ${JSON.stringify(reading.value)}`;
}

interface NumberTable {
  minimum: number;
  maximum: number;
  numbers: { text: string; integer: number | null; real: number | null }[];
}

// The core's parameters are tested by the same table: tests/unit/validate.cpp.
test('numbers are read by the grammar of the core', () => {
  const table: NumberTable = JSON.parse(readFileSync(new URL('../numbers.json', import.meta.url), 'utf8'));
  const { minimum, maximum, numbers } = table;
  assert.ok(numbers.length > 60);
  for (const type of ['integer', 'real'] as const) {
    const parameter: NumberParameter = { name: 'number', type, default: 1, minimum, maximum, label: { en: 'Number', zh: '数' } };
    for (const entry of numbers) {
      const reading = readValue(parameter, entry.text);
      const value = 'value' in reading ? (reading.value as number) + 0 : null; // no -0
      assert.equal(value, entry[type], `${type} ${JSON.stringify(entry.text)}`);
    }
  }
});

test('whole numbers are taken within their range, and nothing is made to fit', () => {
  const cases: [string, string][] = [
    ['1', '= 1'],
    ['32', '= 32'],
    [' 8 ', '= 8'],
    ['8.0', '= 8'],
    ['+5', '= 5'],
    ['1e1', '= 10'],
    ['0', 'too-small'],
    ['-3', 'too-small'],
    ['33', 'too-large'],
    ['1e9', 'too-large'],
    ['', 'empty'],
    ['  ', 'empty'],
    ['2.5', 'not-whole'],
    ['abc', 'not-a-number'],
    ['0x10', 'not-a-number'],
    ['1,000', 'not-a-number'],
    ['NaN', 'not-a-number'],
    ['Infinity', 'not-a-number'],
    ['1e999', 'not-a-number'],
    ['4 8', 'not-a-number'],
    ['.', 'not-a-number'],
  ];
  for (const [raw, expected] of cases) assert.equal(kindOf(workers, raw), expected, `“${raw}”`);
});

test('other numbers too', () => {
  for (const [raw, expected] of [
    ['0', '= 0'],
    ['.5', '= 0.5'],
    ['12.', '= 12'],
    ['1000.1', 'too-large'],
    ['-0.1', 'too-small'],
  ] as const) {
    assert.equal(kindOf(cost, raw), expected, `“${raw}”`);
  }
});

test('choices and switches take their words only', () => {
  assert.equal(kindOf(work, 'wait'), '= "wait"');
  assert.equal(kindOf(work, 'Wait'), 'not-a-choice');
  assert.equal(kindOf(work, ''), 'not-a-choice');
  for (const [raw, expected] of [
    ['true', '= true'],
    ['1', '= true'],
    ['false', '= false'],
    ['0', '= false'],
    ['yes', 'not-a-switch'],
  ] as const) {
    assert.equal(kindOf(compare, raw), expected);
  }
});

test('a problem keeps what was typed', () => {
  const reading = readValue(workers, ' 99 ');
  assert.ok('problem' in reading);
  assert.equal(reading.problem.raw, ' 99 ');
  assert.equal(reading.problem.parameter, workers);
});

test('a run gets the parameters that apply, defaults included', () => {
  const { values, problems } = readAll(pool, new Map([['workers', '8']]));
  assert.deepEqual(
    [...values],
    [
      ['workers', 8],
      ['work', 'compute'],
      ['cost', 20],
      ['compare', true],
    ],
  );
  assert.equal(problems.size, 0);
});

test('what does not apply is neither passed on nor refused', () => {
  const raw = new Map([
    ['work', 'wait'],
    ['cost', 'nonsense'],
  ]);
  assert.equal(applies(cost, pool, raw), false);
  const { values, problems } = readAll(pool, raw);
  assert.equal(values.has('cost'), false);
  assert.equal(problems.size, 0);
});

test('what depends on a value that is not accepted does not apply', () => {
  assert.equal(applies(cost, pool, new Map([['work', 'swim']])), false);
});

test('only what differs from the defaults goes into the link', () => {
  assert.deepEqual(
    [
      ...nonDefaults(
        pool,
        new Map([
          ['cost', '20.0'],
          ['workers', '99'],
          ['compare', '1'],
        ]),
      ),
    ],
    [['workers', '99']],
  );
  assert.equal(isDefault(workers, '4.0'), true);
  assert.equal(isDefault(workers, 'four'), false);
});

test('a slider reaches both ends and gives back about what it is given', () => {
  const ranges: NumberParameter[] = [
    [1, 32, 'integer'],
    [0, 100, 'real'],
    [0, 1000, 'real'],
    [1, 1_000_000, 'integer'],
    [0, 10_000, 'integer'],
    [-5, 5, 'real'],
  ].map(([minimum, maximum, type]) => ({ ...(cost as NumberParameter), minimum, maximum, type }) as NumberParameter);
  for (const parameter of ranges) {
    const { minimum, maximum } = parameter;
    assert.equal(fromSlider(parameter, 0), minimum);
    assert.equal(fromSlider(parameter, sliderSteps), maximum);
    assert.equal(toSlider(parameter, minimum), 0);
    assert.equal(toSlider(parameter, maximum), sliderSteps);
    let before = -Infinity;
    for (let position = 0; position <= sliderSteps; position += 1) {
      const value = fromSlider(parameter, position);
      assert.ok(value >= before, 'never turns round');
      assert.ok('value' in readValue(parameter, String(value)), `${value} is accepted`);
      before = value;
    }
    for (const value of [minimum, (minimum + maximum) / 2, maximum]) {
      const back = fromSlider(parameter, toSlider(parameter, value));
      assert.ok(Math.abs(back - value) <= Math.max(1, Math.abs(value) * 0.06), `${value} came back as ${back}`);
    }
  }
  assert.equal(isLogarithmic(ranges[0]!), false);
  assert.equal(isLogarithmic(ranges[3]!), true);
  assert.equal(toSlider(ranges[0]!, 99), sliderSteps, 'a value outside is shown at the end');
});

test('a seed has no slider', () => {
  assert.equal(hasSlider({ ...(workers as NumberParameter), minimum: 0, maximum: 2 ** 32 - 1 }), false);
  assert.equal(hasSlider(workers as NumberParameter), true);
});

test('main parameters: six at most, without what is seldom changed, and times that belong together are not parted', () => {
  const both = (text: string) => ({ en: text, zh: text });
  const whole = (name: string, more: Partial<NumberParameter> = {}): NumberParameter => ({ ...workers, ...more, name }) as NumberParameter;
  const time = (name: string) => whole(name, { unit: both('ms') });
  const gil: Parameter = { name: 'gil', type: 'boolean', default: false, label: both('GIL') };
  const interval = whole('switch_interval', { when: { name: 'gil', is: true } });
  const names = (...parameters: Parameter[]) => mainParameters(demoWith('any', parameters)).map(({ name }) => name);
  assert.deepEqual(names(whole('a'), whole('seed'), whole('spread'), compare, whole('b'), gil, interval), ['a', 'b']);
  assert.deepEqual(names(...[1, 2, 3, 4, 5, 6, 7].map((each) => whole(`p${each}`))), ['p1', 'p2', 'p3', 'p4', 'p5', 'p6']);
  const timed = [1, 2, 3, 4, 5].map((each) => whole(`p${each}`));
  assert.deepEqual(names(...timed, time('put_ms'), time('take_ms')), ['p1', 'p2', 'p3', 'p4', 'p5']);
  // What depends on another is there with it.
  assert.deepEqual(names(work, cost, whole('a')), ['work', 'cost', 'a']);
  // A demo about the GIL has one of its own.
  const own = demoWith('gil', [{ ...work, name: 'gil' }, whole('switch_interval')]);
  assert.deepEqual(
    mainParameters(own).map(({ name }) => name),
    ['gil', 'switch_interval'],
  );
  assert.deepEqual([isRunOption(gil, demoWith('any', [gil])), isRunOption(own.parameters[0]!, own)], [true, false]);
});
