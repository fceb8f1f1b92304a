/**
 * Whether a key belongs to the input method, which composes a word: its Enter confirms the word and its Escape puts it
 * away. Safari tells the end of the composition before the key that ended it, which then has the code 229 alone.
 */
export const isComposing = ({ isComposing, keyCode }: KeyboardEvent): boolean =>
  isComposing || keyCode === 229;
