import { equal, holds } from '../expect.ts';
import { checkEnding, runToTheEnd, startRun } from '../run.ts';
import { scenario } from '../scenario.ts';
import { consoleLines, processHeads, processTree, untilIdle, untilLive, untilLoaded } from '../sight.ts';
import { chooseLanguage, signalProcess } from '../user.ts';
import { until } from '../wait.ts';

export const processes = [
  scenario('several processes have lanes and a tree', '#v1/hello-processes?processes=2&greetings=1', async () => {
    await untilLive();
    await runToTheEnd();
    equal(processHeads(), ['MainProcess', 'greeter-1', 'greeter-2'], 'heads of the processes in the timeline');
    equal(processTree(), [
      { name: 'MainProcess', state: 'ended', exitCode: '0' },
      { name: 'greeter-1', state: 'ended', exitCode: '0' },
      { name: 'greeter-2', state: 'ended', exitCode: '0' },
    ], 'the tree');
    const lines = await consoleLines();
    for (const name of ['greeter-1', 'greeter-2']) {
      holds(lines.some(({ thread, text }) => thread === name && text === `hello from ${name}, 1 of 1`), `${name} greets under its own name`);
    }
    chooseLanguage('zh');
    await until('the tree is in Chinese', () => processTree()[0]!.state === '已结束');
  }),

  ...(['Terminate', 'Kill'] as const).map((button) =>
    scenario(`${button} in the tree ends a process in an endless loop`, '#v1/process-endings?work_ms=0&patience=50', async () => {
      await untilLive();
      await startRun();
      await until('the process is there', () => processTree().some(({ name, state }) => name === 'yours' && state === 'running'));
      await untilLoaded();
      signalProcess('yours', button);
      await untilIdle();
      checkEnding({ outcome: 'exited', exitCode: 0 });
      const yours = processTree().find(({ name }) => name === 'yours')!;
      equal(yours, { name: 'yours', state: 'ended', exitCode: button === 'Kill' ? '-9 (SIGKILL)' : '-15 (SIGTERM)' }, 'what became of it');
    }, { engines: ['chromium', 'firefox'] })),

  scenario('Kill of the main process ends them all', '#v1/process-endings?work_ms=0&patience=50', async () => {
    await untilLive();
    await startRun();
    await until('the process is there', () => processTree().some(({ name, state }) => name === 'yours' && state === 'running'));
    signalProcess('MainProcess', 'Kill');
    await untilIdle();
    checkEnding({ outcome: 'killed', exitCode: 137 });
  }, { engines: ['chromium', 'firefox'] }),
];
