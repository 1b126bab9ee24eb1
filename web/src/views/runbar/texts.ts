export const runbarTexts = {
  en: {
    dropped: (count: string) => `${count} records were lost: the program wrote them faster than they were read.`,
    overLimit: (count: string) => `${count} records beyond the limit were counted but not kept.`,
    missing: (count: string) => `${count} records are missing from the trace.`,
  },
  zh: {
    dropped: (count: string) => `丢失了 ${count} 条记录：程序写得比读得快。`,
    overLimit: (count: string) => `超出上限的 ${count} 条记录只计了数，没有保留。`,
    missing: (count: string) => `轨迹中缺少 ${count} 条记录。`,
  },
};
