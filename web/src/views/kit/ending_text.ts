import { formatDuration } from '../../app/format.ts';
import { language, localised, texts, troubles } from '../../app/i18n/index.ts';
import type { Moment } from '../../app/moment.ts';

/** How the run ended, in words. */
export function endingText(moment: Moment): string {
  const t = texts().run;
  const time = formatDuration(moment.length, language.value);
  const ending = moment.ending;
  switch (ending?.kind) {
    case 'finished':
      return t.finished(time);
    case 'failed-check':
      return t.failedCheck(time);
    case 'failed':
      return t.failed(time);
    case 'refused':
      return t.refused;
    case 'deadlock':
      return t.deadlock(time);
    case 'stopped':
      return t.stopped(time);
    case 'killed':
      return t.killed(time);
    case 'crashed':
      if (ending.failure !== null) return `${t.notStarted} ${localised(troubles()?.startTroubles[ending.failure]) || ending.text}`;
      return t.crashed(time);
    case undefined:
      return t.idle;
  }
}
