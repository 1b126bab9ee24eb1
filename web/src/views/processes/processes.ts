import { html, nothing, render } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { signalProcess } from '../../app/actions.ts';
import { formatBytes, formatDuration, formatInteger } from '../../app/format.ts';
import { inLanguage, language } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { moment, moveFocus, phase, slowFrame } from '../../app/state.ts';
import type { Moment } from '../../app/moment.ts';
import { stateOf, treeOf } from '../../folds/process_tree.ts';
import type { Branch } from '../../folds/process_tree.ts';
import type { ProcessHistory } from '../../folds/processes.ts';
import { say } from '../kit/announce.ts';
import { isNormalEnd } from '../kit/exit.ts';
import { meter } from '../kit/figures.ts';
import { markClass, processName } from '../kit/threads.ts';
import { exitText, signalName } from './exit_text.ts';
import { processesTexts } from './texts.ts';

/** Of more processes than these, those that live and the latest are listed. */
const mostRows = 200;

const count = (value: number) => formatInteger(value, language.value);

function isAlive(current: Moment, process: ProcessHistory): boolean {
  return Number.isNaN(process.end) && current.ending === null;
}

function stateText(current: Moment, process: ProcessHistory): string {
  const t = inLanguage(processesTexts);
  const state = stateOf(process);
  if (state === 'ended') return t.ended;
  if (current.ending !== null) return t.cutOff;
  return state === 'signalled' ? t.signalled(signalName(process.signal)) : t[state];
}

/** Asks for a signal. The button goes with the process, so the focus is taken to the row, which stays. */
function send(event: Event, current: Moment, process: ProcessHistory, signal: 9 | 15): void {
  event.stopPropagation(); // the row would take the focus of the page to the process
  (event.target as Element).closest('tr')?.querySelector<HTMLElement>('th')?.focus();
  signalProcess(process.number, signal);
  say(inLanguage(processesTexts).sent(signalName(signal), processName(current, process.number)));
}

function actions(current: Moment, process: ProcessHistory) {
  if (!current.isEnd || !isAlive(current, process) || phase.value === 'idle') return nothing;
  const t = inLanguage(processesTexts);
  const name = processName(current, process.number);
  const button = (label: string, spoken: string, hint: string, signal: 9 | 15) =>
    html`<button type="button" class="button small" data-signal=${signal} aria-label=${spoken} title=${hint}
      @click=${(event: Event) => send(event, current, process, signal)}>${label}</button>`;
  return html`${button(t.terminate, t.terminateLabel(name), t.terminateHint, 15)}${button(t.kill, t.killLabel(name), t.killHint, 9)}`;
}

function memory({ memoryUsed, memorySize }: ProcessHistory) {
  if (memoryUsed === 0) return '–';
  const t = inLanguage(processesTexts);
  const used = formatBytes(memoryUsed, language.value);
  if (memorySize === 0) return used;
  return html`${meter(memoryUsed / memorySize)}<span title=${t.memoryOf(used, formatBytes(memorySize, language.value))}>${used}</span>`;
}

function row(current: Moment, { process, depth }: Branch) {
  const t = inLanguage(processesTexts);
  const { number, object, parent, daemon, exitCode, threads, start, end } = process;
  const show = () => moveFocus({ process: number, thread: 1, object });
  const hasEnded = !Number.isNaN(end);
  return html`<tr class="leads" @click=${show} data-process=${number} data-state=${isAlive(current, process) ? 'alive' : 'ended'}>
    <th scope="row" tabindex="-1" class=${`depth-${Math.min(depth, 4)}`}>
      <button type="button" class="row-head"><span class=${markClass(number, 1)}></span>${processName(current, number)}</button>${daemon ? html` <small>${t.daemon}</small>` : nothing}
    </th>
    <td class="figure">${number}</td>
    <td class="figure">${parent > 0 ? parent : '–'}</td>
    <td>${stateText(current, process)}</td>
    <td class=${`figure${hasEnded && !isNormalEnd(exitCode) ? ' exit-bad' : ''}`}>${hasEnded ? exitText(exitCode) : '–'}</td>
    <td>${memory(process)}</td>
    <td class="figure">${count(threads)}</td>
    <td class="figure">${formatDuration((hasEnded ? end : current.now) - start, language.value)}</td>
    <td class="process-actions">${actions(current, process)}</td>
  </tr>`;
}

function shownBranches(current: Moment): Branch[] {
  const all = treeOf(current.processes.list);
  return all.length <= mostRows ? all : all.filter(({ process }) => isAlive(current, process) || process.number > all.length - mostRows);
}

/** The process tree: who started whom, what each uses, how it ended, and buttons that end it. */
export function mount(root: HTMLElement): void {
  drawWhenChanged(() => {
    void slowFrame.value;
    const t = inLanguage(processesTexts);
    const current = moment();
    root.hidden = !current?.processes.areSeveral;
    if (!current || root.hidden) {
      render(nothing, root);
      return;
    }
    const { list } = current.processes;
    const heads: [text: string, hint: string, figure: boolean][] = [
      [t.process, '', false],
      [t.pid, t.pidHint, true],
      [t.parent, '', true],
      [t.state, '', false],
      [t.exitCode, t.exitCodeHint, true],
      [t.memory, t.memoryHint, false],
      [t.threads, t.threadsHint, true],
      [t.lived, '', true],
    ];
    render(
      html`
        <section class="panel processes" aria-labelledby="processes-title">
          <div class="panel-head">
            <h2 id="processes-title">${t.title}</h2>
            <span class="count">${t.alive(count(list.filter((process) => isAlive(current, process)).length), count(list.length))}</span>
          </div>
          <div class="table-scroll tall-table" tabindex="0">
            <table>
              <caption class="visually-hidden">${t.caption}</caption>
              <thead>
                <tr>
                  ${heads.map(([text, hint, figure]) => html`<th scope="col" class=${figure ? 'figure' : ''} title=${hint || nothing}>${text}</th>`)}
                  <th scope="col"><span class="visually-hidden">${t.actions}</span></th>
                </tr>
              </thead>
              <tbody>
                ${repeat(
                  shownBranches(current),
                  ({ process }) => process.number,
                  (branch) => row(current, branch),
                )}
              </tbody>
            </table>
          </div>
        </section>
      `,
      root,
    );
  });
}
