/** Spoken to those who cannot see the page change. */
export const announcerTexts = {
  en: {
    started: 'Run started.',
    progress: (share: string) => `${share} done.`,
    checks: (held: number, all: number) => `${held} of ${all} checks hold.`,
  },
  zh: {
    started: '开始运行。',
    progress: (share: string) => `已完成 ${share}。`,
    checks: (held: number, all: number) => `${all} 项检查中有 ${held} 项成立。`,
  },
};
