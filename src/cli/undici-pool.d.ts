/**
 * undici's pool without the rest of undici (fetch, caches, mocks), which costs 30 ms more to load. undici 7 has no export
 * map, so the path is open; `test/cli/http-fleet.test.ts` notices when it moves.
 */
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';
  export default Pool;
}
