import { plural } from '../../app/i18n/plural.ts';

export const imageTexts = {
  en: {
    title: 'Image',
    label: (done: number, width: number, height: number) =>
      `${width} by ${height} pixels, ${plural(done, String(done), 'tile', 'tiles')} finished, tinted by the worker that made each`,
    tint: 'Tint by worker',
    tiles: (count: number, text: string) => plural(count, text, 'tile', 'tiles'),
    empty: 'Nothing drawn yet.',
  },
  zh: {
    title: '图像',
    label: (done: number, width: number, height: number) => `${width} × ${height} 像素，已完成 ${done} 块，每块按完成它的线程着色`,
    tint: '按线程着色',
    tiles: (_count: number, text: string) => `${text} 块`,
    empty: '还没有画任何内容。',
  },
};
