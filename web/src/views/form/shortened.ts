/** The value as far as there is room for it. */
export const shortened = (raw: string): string => (raw.length > 24 ? `${raw.slice(0, 24)}…` : raw);
