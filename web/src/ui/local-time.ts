/** An instant as `<input type="datetime-local">` wants it, on the clock of the reader. */
export function inLocal(at: number): string {
  const shifted = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** The other way round, as the API wants it. What cannot be read stays as it is, for the API to refuse. */
export function toInstant(local: string): string {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? local : at.toISOString();
}
