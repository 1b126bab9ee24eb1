/** Of the tracks' heads. */
export const trackTexts = {
  en: {
    foldTrack: 'Click to fold',
    unfoldTrack: 'Click to unfold',
    pin: 'Pin above the threads',
    unpin: 'Unpin',
  },
  zh: {
    foldTrack: '点按收起',
    unfoldTrack: '点按展开',
    pin: '固定在线程上方',
    unpin: '取消固定',
  },
};
