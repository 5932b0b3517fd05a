import v8 from 'node:v8';

/** Versions of Node whose V8 knows the flags; another would complain on stderr. */
const knowingNodes: ReadonlySet<string> = new Set(['20', '22', '24']);

/**
 * To be called before WebAssembly (SQLite) is loaded by a process that ends soon. V8 would optimize the large functions
 * of SQLite as soon as they have run for some milliseconds: that takes a tenth of a second of another processor, and
 * the process cannot end before it is done. Code that is compiled quickly runs about as fast for what a command does. And it
 * would validate all of SQLite's functions, of which a command needs a few.
 */
export function compileBriefly(node: string = process.versions.node): void {
  const [major = ''] = node.split('.');
  if (!knowingNodes.has(major)) return;
  v8.setFlagsFromString('--liftoff-only');
  v8.setFlagsFromString('--wasm-lazy-validation');
}
