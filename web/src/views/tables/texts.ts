export const tablesTexts = {
  en: { title: 'Comparison' },
  zh: { title: '对比' },
};
