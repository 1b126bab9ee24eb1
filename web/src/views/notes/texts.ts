export const notesTexts = {
  en: {
    title: 'About this demo',
    about: 'Explanation',
    programs: 'Programs',
    both: 'Side by side',
    loading: 'Loading…',
    failed: 'This text could not be loaded. Check the connection and try again.',
    retry: 'Try again',
  },
  zh: {
    title: '关于这个演示',
    about: '说明',
    programs: '程序',
    both: '并排对照',
    loading: '正在载入…',
    failed: '这段内容没能载入。请检查网络后重试。',
    retry: '重试',
  },
};
