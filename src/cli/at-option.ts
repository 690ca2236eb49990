import { InvalidArgumentError } from 'commander';

/** An instant for `--at`: a date, or a date and time, in UTC unless it says otherwise. Epoch ms. */
export function instant(text: string): number {
  const utc = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text) ? `${text}Z` : text;
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(utc) : Number.NaN;
  if (Number.isNaN(at)) throw new InvalidArgumentError('write an instant such as 2026-12-24T09:00Z.');
  return at;
}

/** `2026-12-24 09:00 UTC`. */
export function showInstant(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
