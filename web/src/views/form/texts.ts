export const formTexts = {
  en: {
    problems: {
      empty: (label: string, accepted: string) => `${label} is empty. It takes ${accepted}.`,
      'not-a-number': (label: string, raw: string, accepted: string) => `${label}: “${raw}” is not a number. It takes ${accepted}.`,
      'not-whole': (label: string, raw: string, accepted: string) => `${label}: ${raw} is not a whole number. It takes ${accepted}.`,
      'too-small': (label: string, raw: string, accepted: string) => `${label}: ${raw} is too small. It takes ${accepted}.`,
      'too-large': (label: string, raw: string, accepted: string) => `${label}: ${raw} is too large. It takes ${accepted}.`,
      'not-a-choice': (label: string, raw: string, accepted: string) => `${label}: “${raw}” is not one of ${accepted}.`,
      'not-a-switch': (label: string, raw: string, accepted: string) => `${label}: “${raw}” is neither of ${accepted}.`,
    },
    takesInteger: (least: string, most: string) => `a whole number from ${least} to ${most}`,
    takesReal: (least: string, most: string) => `a number from ${least} to ${most}`,
    takesSwitch: 'true and false',
  },
  zh: {
    problems: {
      empty: (label: string, accepted: string) => `“${label}”是空的，应填${accepted}。`,
      'not-a-number': (label: string, raw: string, accepted: string) => `“${label}”：“${raw}”不是数字，应填${accepted}。`,
      'not-whole': (label: string, raw: string, accepted: string) => `“${label}”：${raw} 不是整数，应填${accepted}。`,
      'too-small': (label: string, raw: string, accepted: string) => `“${label}”：${raw} 太小，应填${accepted}。`,
      'too-large': (label: string, raw: string, accepted: string) => `“${label}”：${raw} 太大，应填${accepted}。`,
      'not-a-choice': (label: string, raw: string, accepted: string) => `“${label}”：没有“${raw}”这一项，可选 ${accepted}。`,
      'not-a-switch': (label: string, raw: string, accepted: string) => `“${label}”：“${raw}”无效，只能是${accepted}。`,
    },
    takesInteger: (least: string, most: string) => ` ${least} 到 ${most} 之间的整数`,
    takesReal: (least: string, most: string) => ` ${least} 到 ${most} 之间的数`,
    takesSwitch: ' true 或 false',
  },
};
