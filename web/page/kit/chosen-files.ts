/** Files that a person chose in a field. */

/** Takes them out of the field of a `change` event, so that the same ones can be chosen again; none where it was left. */
export function takeChosen(event: Event): File[] {
  const field = event.target as HTMLInputElement;
  const files = [...(field.files ?? [])];
  field.value = "";
  return files;
}
