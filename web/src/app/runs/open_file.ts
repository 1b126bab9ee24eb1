import type { TraceFileError, TraceFileProblem } from '../../trace/file.ts';
import { catalogue, demo, follow, notices, rawOf } from '../state.ts';
import { formatAddress } from '../url.ts';
import { finishedRun, kept, showDemo } from './files.ts';
import { loadExport } from './load.ts';
import { abandonRun } from './runner.ts';

/** What is wrong with a file, by its name in `fileTroubles`. */
function problemOf(error: unknown): TraceFileProblem | 'unreadable' {
  return error instanceof Error && error.name === 'TraceFileError' ? (error as TraceFileError).code : 'unreadable';
}

/** Opens a run that a reader saved. */
export async function openFile(file: File): Promise<void> {
  try {
    const { readSavedRun } = await loadExport();
    const { header, trace, isCutOff } = await readSavedRun(file);
    const of = catalogue.value?.demos.find((candidate) => candidate.id === header.demo);
    if (!of) {
      notices.value = [...notices.value, { kind: 'openUnknown', text: header.demo }];
      return;
    }
    abandonRun();
    const hash = formatAddress(of.id, rawOf(header));
    kept.set(of.id, await finishedRun(of, 'opened', trace, header));
    if (demo.value === of) {
      follow(hash);
      await showDemo(of);
    } else {
      follow(hash);
    }
    if (isCutOff) notices.value = [...notices.value, { kind: 'cutOff', text: String(trace.length) }];
  } catch (error) {
    notices.value = [...notices.value, { kind: 'openFailed', text: problemOf(error) }];
  }
}

/** Asks for a file, and opens it. */
export function pickFile(): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.weft,.gz,.json';
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file) void openFile(file);
  });
  input.click();
}
