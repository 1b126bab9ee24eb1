/** Beside the head of a process. */
export const timelineTexts = {
  en: {
    pid: (number: string) => `pid ${number}`,
    parent: (number: string) => `parent ${number}`,
    daemon: 'daemon',
    exitCode: (code: string) => `exit code ${code}`,
  },
  zh: {
    pid: (number: string) => `进程号 ${number}`,
    parent: (number: string) => `父进程 ${number}`,
    daemon: '守护进程',
    exitCode: (code: string) => `退出码 ${code}`,
  },
};
