/** Case-folded form of a name or tag: what "the same" means to a person. */
export function foldKey(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
