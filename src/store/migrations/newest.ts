/**
 * The version of the store that this program writes: that of the newest migration. On its own, for those who only have
 * to know whether they understand a store (a test keeps it current).
 */
export const newestMigration = 18;
