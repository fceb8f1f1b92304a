/** The host that frames of the Vision tab go to now, for the line that says who gets what is shown. */
let host: string | null = null;

export const sentTo = (): string | null => host;

export function setSentTo(now: string | null): void {
  host = now;
}
