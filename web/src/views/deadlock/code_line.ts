import { effect } from '@preact/signals-core';
import { tab } from '../../app/layout.ts';
import { demo } from '../../app/state.ts';

/** Scrolls the notes to a line of the demo's C++ program, and highlights it. */
export function showCodeLine(line: number): void {
  tab.value = 'notes'; // where it is one
  document.getElementById('tab-cpp')?.click();
  const notes = document.getElementById('notes')!;
  const mark = () => {
    const code = notes.querySelector<HTMLElement>('[data-part="cpp"] code');
    if (code) markLine(code, line);
    return code !== null;
  };
  if (mark()) return;
  // The program is fetched when it is first looked at.
  const observer = new MutationObserver(() => {
    if (mark()) observer.disconnect();
  });
  observer.observe(notes, { childList: true, subtree: true });
}

function markLine(code: HTMLElement, line: number): void {
  const around = code.closest<HTMLElement>('.code')!;
  around.querySelector('.line-mark')?.remove();
  const bar = document.createElement('div');
  bar.className = 'line-mark';
  const height = code.getBoundingClientRect().height / code.textContent!.trimEnd().split('\n').length;
  bar.style.top = `${code.getBoundingClientRect().top - around.getBoundingClientRect().top + (line - 1) * height}px`;
  bar.style.height = `${height}px`;
  around.append(bar);
  bar.scrollIntoView({ block: 'center' });
  const marked = demo.peek();
  const dispose = effect(() => {
    if (demo.value === marked) return;
    bar.remove();
    queueMicrotask(() => dispose());
  });
}
