import { equal, holds } from '../expect.ts';
import { checkEnding, runToTheEnd, startRun } from '../run.ts';
import { scenario } from '../scenario.ts';
import {
  consoleLines,
  fieldText,
  lockNames,
  processHeads,
  processTree,
  results,
  root,
  tableRows,
  untilIdle,
  untilLive,
  untilLoaded,
} from '../sight.ts';
import { chooseLanguage, click, processButton } from '../user.ts';
import { until } from '../wait.ts';

export const processes = [
  scenario('several processes have lanes and a tree', '#v1/hello-processes?processes=2&greetings=1', async () => {
    await untilLive();
    await runToTheEnd();
    equal(processHeads(), ['MainProcess', 'greeter-1', 'greeter-2'], 'heads of the processes in the timeline');
    equal(
      processTree(),
      [
        { name: 'MainProcess', state: 'ended', exitCode: '0' },
        { name: 'greeter-1', state: 'ended', exitCode: '0' },
        { name: 'greeter-2', state: 'ended', exitCode: '0' },
      ],
      'the tree',
    );
    const lines = await consoleLines();
    for (const name of ['greeter-1', 'greeter-2']) {
      holds(
        lines.some(({ thread, text }) => thread === name && text === `hello from ${name}, 1 of 1`),
        `${name} greets under its own name`,
      );
    }
    chooseLanguage('zh');
    await until('the tree is in Chinese', () => processTree()[0]!.state === '已结束');
  }),

  ...(['Terminate', 'Kill'] as const).map((button) =>
    scenario(
      `${button} in the tree ends a process in an endless loop`,
      '#v1/process-endings?work_ms=0&patience=50',
      async () => {
        await untilLive();
        await startRun();
        await until('the process is there', () => processTree().some(({ name, state }) => name === 'yours' && state === 'running'));
        await untilLoaded();
        processButton('yours', button).click();
        await untilIdle();
        checkEnding({ outcome: 'exited', exitCode: 0 });
        const yours = processTree().find(({ name }) => name === 'yours')!;
        equal(
          yours,
          { name: 'yours', state: 'ended', exitCode: button === 'Kill' ? '-9 (SIGKILL)' : '-15 (SIGTERM)' },
          'what became of it',
        );
        const whose = () => tableRows('endings').at(-1)!.slice(0, 2);
        equal(whose(), ['yours', 'You ended it'], 'who ended it');
        chooseLanguage('zh');
        await until('the table is in Chinese', () => whose()[1] === '是你结束了它');
      },
      { engines: ['chromium', 'firefox'] },
    ),
  ),

  scenario(
    'Kill of the main process ends them all',
    '#v1/process-endings?work_ms=0&patience=50',
    async () => {
      await untilLive();
      await startRun();
      await until('the process is there', () => processTree().some(({ name, state }) => name === 'yours' && state === 'running'));
      processButton('MainProcess', 'Kill').click();
      await untilIdle();
      checkEnding({ outcome: 'killed', exitCode: 137 });
    },
    { engines: ['chromium', 'firefox'] },
  ),

  scenario(
    'a process that is killed twice ends once',
    '#v1/process-endings?work_ms=0&patience=50',
    async () => {
      await untilLive();
      await startRun();
      await until('the process is there', () => processTree().some(({ name, state }) => name === 'yours' && state === 'running'));
      await untilLoaded();
      const buttons = ['Kill', 'Terminate', 'Kill'].map((label) => processButton('yours', label as 'Kill' | 'Terminate'));
      for (const button of buttons) button.click();
      equal(document.activeElement?.textContent?.trim(), 'yours', 'what has the focus, as the buttons go');
      await untilIdle();
      checkEnding({ outcome: 'exited', exitCode: 0 });
      equal(processTree().filter(({ name }) => name === 'yours').length, 1, 'rows of the process');
      equal(processTree().at(-1)!.exitCode, '-9 (SIGKILL)', 'how it ended');
      equal(document.querySelectorAll('#processes button[data-signal]').length, 0, 'buttons that signal after the run');
    },
    { engines: ['chromium', 'firefox'] },
  ),

  scenario(
    'whatever has a button is killed at once, and the run ends all the same',
    '#v1/process-endings?work_ms=0&patience=0.5',
    async () => {
      await untilLive();
      await startRun();
      await until('everything has ended', () => {
        for (const button of document.querySelectorAll<HTMLButtonElement>('#processes tr:not([data-process="1"]) button[data-signal="9"]'))
          button.click();
        return root().state === 'idle';
      });
      await untilIdle();
      equal(
        processTree()
          .slice(1)
          .filter(({ exitCode }) => !/^(-9 \(SIGKILL\)|0|1|3|4)$/.test(exitCode)),
        [],
        'other ends than by a kill or by itself',
      );
      equal(
        processTree()
          .filter(({ name }) => name === 'yours')
          .map(({ exitCode }) => exitCode),
        ['-9 (SIGKILL)'],
        'how the last one ended',
      );
    },
  ),

  scenario('every child of a tree is killed, and a run follows', '#v1/hello-processes?processes=3&greetings=50&pause_ms=1000', async () => {
    await untilLive();
    await startRun();
    const children = ['greeter-1', 'greeter-2', 'greeter-3'];
    await until('they run', () =>
      children.every((child) => processTree().some(({ name, state }) => name === child && state === 'running')),
    );
    await untilLoaded();
    for (const child of children) processButton(child, 'Kill').click();
    await untilIdle();
    checkEnding({ outcome: 'exited', exitCode: 1 }, ' once its children are killed');
    equal(
      processTree()
        .slice(1)
        .map(({ exitCode }) => exitCode),
      children.map(() => '-9 (SIGKILL)'),
      'how they ended',
    );
    location.hash = '#v1/hello-processes?processes=3&greetings=1';
    await until('the fields are set', () => fieldText('greetings') === '1');
    await runToTheEnd();
    equal(
      processTree().map(({ exitCode }) => exitCode),
      ['0', '0', '0', '0'],
      'how those of the next run ended',
    );
  }),

  scenario('Stop while processes run, and Run at once', '#v1/hello-processes?processes=4&greetings=50&pause_ms=1000', async ({ note }) => {
    await untilLive();
    for (let round = 0; round < 4; round += 1) {
      note(`round ${round}`);
      await startRun();
      if (round % 2 === 0) await until('they run', () => processTree().filter(({ state }) => state === 'running').length === 5);
      click('stop');
      click('run'); // not yet: the old run is being stopped
      await untilIdle();
      checkEnding({ outcome: 'stopped', exitCode: 130 }, ` in round ${round}`);
      equal(
        processTree().filter(({ state }) => state === 'running' || state === 'starting'),
        [],
        'processes that are left',
      );
    }
  }),

  scenario('reloading while processes run', '#v1/hello-processes?processes=4&greetings=50&pause_ms=1000', async ({ load, reload }) => {
    await untilLive();
    if (load < 2) {
      await startRun();
      await until('they run', () => processTree().filter(({ state }) => state === 'running').length === 5);
      await reload();
    }
    location.hash = '#v1/hello-processes?processes=4&greetings=1';
    await until('the fields are set', () => fieldText('greetings') === '1');
    await runToTheEnd();
    equal(
      processTree().map(({ exitCode }) => exitCode),
      ['0', '0', '0', '0', '0'],
      'exit codes',
    );
  }),

  scenario('what processes have of their own bears their names', '#v1/own-memory', async () => {
    await untilLive();
    await runToTheEnd();
    equal(lockNames(), ['MainProcess · lock', 'adder-1 · lock', 'adder-2 · lock'], 'names of the locks');
  }),

  // Whoever has a job is busy for so long that the others get theirs.
  scenario('a pool has all its workers at work', '#v1/process-pool?workers=3&jobs=3&job_ms=1000', async () => {
    await untilLive();
    await runToTheEnd();
    equal(results().workers_used, '3', 'processes that did a job');
  }),
];
