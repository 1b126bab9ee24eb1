export const deadlockTexts = {
  en: {
    title: 'Deadlock',
    ring: (count: number) =>
      `${count === 1 ? 'One thread waits for itself' : `${count} threads wait for each other`}: none of them can ever go on.`,
    all: (count: number) =>
      `${count === 1 ? 'The only thread left waits' : `All ${count} threads wait`}, and nobody is left who could wake ${count === 1 ? 'it' : 'them'}.`,
    also: 'These wait, too:',
    holds: ' holds ',
    waits: ' and waits for ',
    waitsAlone: ' waits for ',
    and: ' and ',
    waitsFor: 'waits for',
    heldBy: 'held by',
    comesFrom: 'up to',
    picture: (text: string) => `The cycle of waits. ${text}`,
    showThread: (thread: string) => `Show ${thread} in the timeline`,
    showCode: (line: string) => `Show line ${line} of the program`,
    sentence: (thread: string, held: string, object: string) =>
      held ? `${thread} holds ${held} and waits for ${object}.` : `${thread} waits for ${object}.`,
    end: (thread: string) => `the end of ${thread}`,
    stop: '.',
  },
  zh: {
    title: '死锁',
    ring: (count: number) => (count === 1 ? '一个线程在等它自己，永远无法继续。' : `${count} 个线程互相等待，谁也无法继续。`),
    all: (count: number) => `剩下的 ${count} 个线程全都在等待，再没有谁能唤醒它们。`,
    also: '同样在等待的还有：',
    holds: ' 持有 ',
    waits: '，正在等待 ',
    waitsAlone: ' 正在等待 ',
    and: '、',
    waitsFor: '等待',
    heldBy: '被持有',
    comesFrom: '取决于',
    picture: (text: string) => `死锁的环路。${text}`,
    showThread: (thread: string) => `在时间线中显示 ${thread}`,
    showCode: (line: string) => `显示程序第 ${line} 行`,
    sentence: (thread: string, held: string, object: string) =>
      held ? `${thread} 持有 ${held}，正在等待 ${object}。` : `${thread} 正在等待 ${object}。`,
    end: (thread: string) => `${thread} 结束`,
    stop: '。',
  },
};
