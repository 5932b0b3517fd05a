/** Every operation by name. The one place where a new operation is added. */
export const operations = {} as const;
