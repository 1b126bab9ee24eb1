import { signal } from '@preact/signals-core';
import { html, nothing, render } from 'lit-html';
import { formatInteger, formatMeasured, formatPercent } from '../../app/format.ts';
import { inLanguage, language } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { demo, moment, moveFocus, phase, slowFrame } from '../../app/state.ts';
import type { Moment } from '../../app/moment.ts';
import { startedCount, Tasks, utilisation } from '../../folds/tasks.ts';
import type { Executor, Task } from '../../folds/tasks.ts';
import { figures, meter } from '../kit/figures.ts';
import { table } from '../kit/table.ts';
import { threadLabel } from '../kit/threads.ts';
import { tasksTexts } from './texts.ts';

const listed = 1000;
const open = signal(false);

const count = (value: number) => formatInteger(value, language.value);
const time = (value: number) => (Number.isNaN(value) ? '–' : formatMeasured(value, language.value));

function statistics(executor: Executor) {
  const t = inLanguage(tasksTexts);
  const started = startedCount(executor);
  const cards: [name: string, label: string, value: string][] = [
    ['submitted', t.submitted, count(executor.taskCount)],
    ['waiting', t.waiting, count(executor.waiting.last)],
    ['running', t.running, count(executor.running.last)],
    ['done', t.done, count(executor.done)],
  ];
  if (executor.failed > 0) cards.push(['failed', t.failed, count(executor.failed)]);
  if (executor.cancelled > 0) cards.push(['cancelled', t.cancelled, count(executor.cancelled)]);
  cards.push(['mean-wait', t.meanWait, started > 0 ? time(executor.waitTotal / started) : '–']);
  cards.push(['longest-wait', t.longestWait, started > 0 ? time(executor.waitLongest) : '–']);
  return figures(cards);
}

function workers(current: Moment, executor: Executor) {
  const t = inLanguage(tasksTexts);
  const sorted = current
    .fold(Tasks)
    .workersOf(executor)
    .sort((a, b) => a.process - b.process || a.thread - b.thread);
  return table(
    [{ head: t.worker }, { head: t.tasks, figure: true }, { head: t.busy, figure: true }, { head: t.utilisation, hint: t.utilisationHint }],
    sorted.map((worker) => {
      const share = utilisation(worker, executor, current.now);
      return [
        threadLabel(current, worker.process, worker.thread),
        count(worker.tasks),
        time(worker.busy),
        html`${meter(share)}${formatPercent(share, language.value)}`,
      ];
    }),
    nothing,
    (row) => () => moveFocus({ process: sorted[row]!.process, thread: sorted[row]!.thread, object: 0 }),
  );
}

/** Takes the focus to the start of a task; one that has not started has no thread yet. */
function showTask(process: number, { future, record, thread, process: by }: Task): void {
  if (Number.isNaN(record)) moveFocus({ process, thread: 0, object: future });
  else moveFocus({ index: record + 1, process: by, thread, object: future });
}

function every(current: Moment, executor: Executor) {
  const t = inLanguage(tasksTexts);
  const all = executor.taskCount;
  const tasks = open.value ? current.fold(Tasks).firstTasks(executor, listed) : [];
  return html`
    <details class="as-table tall" .open=${open.value} @toggle=${(event: Event) => (open.value = (event.target as HTMLDetailsElement).open)}>
      <summary>${t.every(all, count(all))}</summary>
      ${
        open.value
          ? table(
              [
                { head: t.task, figure: true },
                { head: t.state },
                { head: t.worker },
                { head: t.waited, figure: true },
                { head: t.took, figure: true },
              ],
              tasks.map((task) => [
                task.number,
                t[task.state],
                Number.isNaN(task.thread) ? '–' : threadLabel(current, task.process, task.thread),
                time(task.started - task.submitted),
                time(task.finished - task.started),
              ]),
              all > listed ? t.firstOf(count(listed), count(all)) : nothing,
              (row) => () => showTask(executor.process, tasks[row]!),
            )
          : nothing
      }
    </details>
  `;
}

/** Executors: how long tasks waited for a worker, and how busy the workers were. */
export function mount(root: HTMLElement): void {
  const having = new Set<string>();
  drawWhenChanged(() => {
    void slowFrame.value;
    const t = inLanguage(tasksTexts);
    const current = moment();
    const executors = current?.fold(Tasks).executors.filter((executor) => executor.taskCount > 0) ?? [];
    const id = demo.value?.id ?? '';
    if (executors.length > 0) having.add(id);
    else if (phase.value === 'idle' && current) having.delete(id);
    root.hidden = !having.has(id);
    render(
      root.hidden
        ? nothing
        : html`
            <section class="panel tasks" aria-labelledby="tasks-title">
              <div class="panel-head"><h2 id="tasks-title">${t.title}</h2></div>
              ${
                current && executors.length > 0
                  ? executors.map(
                      (executor) => html`
                    ${executors.length > 1 ? html`<h3>${current.objectName(executor.process, executor.object) ?? t.executor}</h3>` : nothing}
                    ${statistics(executor)}${workers(current, executor)}${every(current, executor)}
                  `,
                    )
                  : html`<div class="empty"><p>${t.empty}</p></div>`
              }
            </section>
          `,
      root,
    );
  });
}
