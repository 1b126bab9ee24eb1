import { equal, holds } from '../expect.ts';
import { runToTheEnd } from '../run.ts';
import { scenario } from '../scenario.ts';
import {
  checks,
  consoleLines,
  counters,
  errorBeside,
  fieldText,
  form,
  isMarkedInvalid,
  isRunEnabled,
  lanes,
  notices,
  results,
  root,
  stateText,
  untilLive,
  untilLoaded,
} from '../sight.ts';
import { chooseDemo, chooseLanguage, click, fill, fillAll, press, resetField, slide } from '../user.ts';
import { drawn, pause, until } from '../wait.ts';

/** The error beside the field names what it is about, what it got and what it takes. */
async function checkError(name: string, label: string, text: string, accepted: string[]): Promise<void> {
  await untilLoaded();
  await drawn();
  const error = errorBeside(name);
  holds(error !== null, `there is an error beside ${name}`);
  for (const part of [label, text, ...accepted]) holds(error.includes(part), `the error beside ${name} has "${part}": "${error}"`);
  equal(isMarkedInvalid(name), true, `the field ${name} is marked`);
}

/** Neither the button nor the keys start anything while a value is wrong. */
async function checkThatNothingRuns(): Promise<void> {
  const source = root().source;
  click('run');
  press('Enter', { ctrl: true });
  await pause(300);
  await drawn();
  equal([root().state, root().source], ['idle', source], 'state and source of what is shown');
}

export const forms = [
  scenario('wrong values are refused beside their fields', '#v1/thread-pool', async () => {
    await untilLive();
    await until('a recorded run is there', () => root().source === 'recorded');
    const wrong: [name: string, label: string, text: string, accepted: string[]][] = [
      ['workers', 'Workers', '99', ['1', '32']],
      ['workers', 'Workers', '0', ['1', '32']],
      ['workers', 'Workers', '2.5', ['1', '32']],
      ['workers', 'Workers', 'many', ['1', '32']],
      ['workers', 'Workers', '', ['1', '32']],
      ['workers', 'Workers', '1e99', ['1', '32']],
      ['cost', 'Cost of a task', '-1', ['0', '1,000']],
      ['spread', 'Spread of the cost', '100.5', ['0', '100']],
      ['seed', 'Seed', '4294967296', ['0', '4,294,967,295']],
    ];
    for (const [name, label, text, accepted] of wrong) {
      await fill(name, text);
      await drawn();
      await checkError(name, label, text, accepted);
      await checkThatNothingRuns();
      equal((document.activeElement as HTMLElement).id, `field-${name}`, 'the focus is on the wrong field');
      resetField(name);
      await drawn();
      equal(errorBeside(name), null, 'an error after the reset');
    }
    await fill('workers', '99');
    chooseLanguage('zh');
    await until('the error is Chinese', () => (errorBeside('workers') ?? '').includes('工作线程'));
    await checkError('workers', '工作线程', '99', ['1', '32']);
    chooseLanguage('en');
    await fillAll({ workers: 2, tasks: 4, cost: 1 });
    await drawn();
    equal(isRunEnabled(), true, 'Run is enabled');
    await runToTheEnd();
  }),

  scenario('a link with wrong values is shown as it is', '#v1/thread-pool?workers=99&work=nonsense&compare=maybe&colour=red', async () => {
    await untilLive();
    await until('a recorded run is there', () => root().source === 'recorded');
    await checkError('workers', 'Workers', '99', ['1', '32']);
    await checkError('work', 'Kind of work', 'nonsense', ['compute', 'wait']);
    await checkError('compare', 'Compare', 'maybe', ['true', 'false']);
    equal(fieldText('workers'), '99', 'text of the field');
    const [notice, ...others] = notices();
    equal(others.length, 0, 'further notices');
    holds(notice!.text.includes('colour'), `the notice names the parameter that does not exist: ${notice!.text}`);
    await checkThatNothingRuns();
    click('reset-all');
    await drawn();
    equal(isRunEnabled(), true, 'Run is enabled');
  }),

  scenario(
    'a link with silly values',
    `#v1/thread-pool?workers=${'9'.repeat(2000)}&work=${'x'.repeat(2000)}&cost=%3Cimg%20src=x%3E&seed=%D9%A3&compare=1e0&${'y'.repeat(2000)}=1`,
    async () => {
      await untilLive();
      await until('a recorded run is there', () => root().source === 'recorded');
      await untilLoaded();
      await drawn();
      for (const [name, text] of [
        ['workers', '9'],
        ['work', 'x'],
        ['cost', '<img'],
        ['seed', '٣'],
        ['compare', '1e0'],
      ] as const) {
        const error = errorBeside(name);
        holds(error !== null && error.includes(text), `there is an error beside ${name}: ${error}`);
        holds(error.length < 200, `it is no longer than a sentence: ${error.length} signs`);
      }
      equal(document.querySelectorAll('#form img').length, 0, 'elements made of values');
      equal(document.documentElement.scrollWidth, document.documentElement.clientWidth, 'width of the page');
      await checkThatNothingRuns();
      click('reset-all');
      await fillAll({ workers: ' 2 ', tasks: '4e0', cost: '.5', seed: '+7', compare: false });
      await drawn();
      equal(
        [errorBeside('workers'), errorBeside('tasks'), errorBeside('cost'), errorBeside('seed')],
        [null, null, null, null],
        'errors beside unusual ways to write a number',
      );
      await runToTheEnd();
    },
  ),

  scenario('links that cannot be followed', '#v1/no-such-demo?x=1', async ({ load, goTo }) => {
    await untilLive();
    holds(document.querySelectorAll('#notices .notice').length === 1, 'there is one notice');
    if (load === 0) {
      holds(notices()[0]!.text.includes('no-such-demo'), 'the notice names the demo');
      await goTo('#v9/thread-pool?workers=2');
    } else if (load === 1) {
      holds(notices()[0]!.text.includes('v9'), 'the notice names the version');
      await goTo('#%%%');
    }
    equal(isRunEnabled(), true, 'Run is enabled');
  }),

  scenario('the address reproduces the form', '#v1/producer-consumer', async ({ load, kept, reload }) => {
    await untilLive();
    if (load === 0) {
      await fillAll({ producers: 7, items: 33, produce_ms: 0.25, ending: 'shutdown', seed: 4294967295 });
      slide('capacity', 400);
      await drawn();
      kept.form = form();
      kept.hash = `#v2/producer-consumer?producers=7&capacity=${fieldText('capacity')}&items=33&produce_ms=0.25&ending=shutdown&seed=4294967295`;
      holds(fieldText('capacity') !== '5', 'the slider has moved the value');
      await until('the address has the values', () => location.hash === kept.hash);
      await reload();
    }
    equal(form(), kept.form, 'the form');
    // From one demo to the other and back keeps both, also what was changed just before leaving.
    await fill('consumers', '9');
    await chooseDemo('thread-pool');
    await until('the other demo is shown', () => root().demo === 'thread-pool');
    await drawn();
    await fill('workers', '6');
    await chooseDemo('producer-consumer');
    await until('the demo is shown', () => root().demo === 'producer-consumer');
    await drawn();
    equal(form(), { ...(kept.form as object), consumers: '9' }, 'the form after the other demo');
    history.back();
    await until('the other demo is shown again', () => root().demo === 'thread-pool');
    await drawn();
    equal(fieldText('workers'), '6', 'workers after going back');
    click('reset-all');
    await until('the address has no values', () => location.hash === '#v2/thread-pool');
  }),

  scenario('another language keeps everything else', '#v1/producer-consumer?items=30&produce_ms=1&consume_ms=1', async () => {
    await untilLive();
    await runToTheEnd();
    const seen = async () => ({
      form: form(),
      results: results(),
      checks: checks(),
      lanes: lanes(),
      lines: await consoleLines(),
      outcome: root().outcome,
      most: counters()[0]!.most,
    });
    const before = await seen();
    const english = {
      title: document.querySelector('h1')!.textContent,
      state: stateText(),
      run: document.getElementById('run')!.textContent,
      name: document.title,
    };
    chooseLanguage('zh');
    await until('the page is Chinese', () => document.documentElement.lang.startsWith('zh'));
    await drawn();
    const chinese = {
      title: document.querySelector('h1')!.textContent,
      state: stateText(),
      run: document.getElementById('run')!.textContent,
      name: document.title,
    };
    for (const key of Object.keys(english) as (keyof typeof english)[])
      holds(english[key] !== chinese[key], `${key} is Chinese: ${chinese[key]}`);
    equal(await seen(), before, 'what is shown in Chinese');
    // While it runs.
    await fillAll({ items: 200 });
    await runToTheEnd(undefined, 'keys');
    equal(results().consumed, '200', 'items');
    click('run');
    await until('it runs', () => root().state === 'running');
    chooseLanguage('en');
    await until('the page is English', () => document.documentElement.lang.startsWith('en'));
    await until('the run has ended', () => root().state === 'idle');
    await drawn();
    equal([results().consumed, root().exitCode], ['200', '0'], 'items and exit status');
    equal(fieldText('items'), '200', 'the field');
  }),
];
