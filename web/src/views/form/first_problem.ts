import { layout, sheet } from '../../app/layout.ts';
import { reading } from '../../app/state.ts';

/** Moves the focus to the first field whose value is not accepted. */
export function focusFirstProblem(): void {
  const first = reading.value?.problems.keys().next().value;
  if (first === undefined) return;
  if (layout.value !== 'wide') sheet.value = first;
  const focus = () => {
    const field = document.getElementById(`field-${first}`);
    field?.closest('details')?.setAttribute('open', '');
    field?.focus();
    field?.scrollIntoView({ block: 'nearest' });
  };
  focus();
  // In a sheet it is there with the next frame.
  if (layout.value !== 'wide') requestAnimationFrame(() => requestAnimationFrame(focus));
}
