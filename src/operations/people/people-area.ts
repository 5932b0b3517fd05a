import { apiKeyOperations } from './api-key.js';
import { authOperations } from './auth.js';
import { tagOperations } from './tag.js';
import { tagTestOperations } from './tag-test.js';
import { userOperations } from './user.js';

/** The operations of this folder. The one place where those of a new file are added. */
export const peopleArea = {
  ...tagOperations,
  ...tagTestOperations,
  ...userOperations,
  ...apiKeyOperations,
  ...authOperations,
};
