export const resultsTexts = {
  en: {
    errors: 'Exceptions nobody caught',
    inThread: (thread: string) => `in ${thread}`,
  },
  zh: {
    errors: '未被捕获的异常',
    inThread: (thread: string) => `线程 ${thread}`,
  },
};
