import type { Repositories } from '../../../src/domain/repositories.js';

export type Question = (r: Repositories) => Promise<unknown>;

/** No method can be forgotten: the compiler asks for it. */
export type QuestionsTo<Names extends keyof Repositories> = {
  readonly [Name in Names]: { readonly [Method in keyof Repositories[Name]]: readonly Question[] };
};
