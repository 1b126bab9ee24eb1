/** A count with its noun, in English. */
export const plural = (count: number, text: string, one: string, many: string) => `${text} ${count === 1 ? one : many}`;
