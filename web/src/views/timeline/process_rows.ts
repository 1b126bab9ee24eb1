export { paintLife } from './life_painter.ts';
export { processHead } from './process_head.ts';
export { rowsOfProcesses, withTracksOfProcesses } from './process_layout.ts';
