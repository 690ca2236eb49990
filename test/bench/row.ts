/** One figure of a benchmark. `note` says what it is compared with. */
export interface Row {
  label: string;
  value: number;
  unit: string;
  note?: string;
}

/** What a file of this folder exports. It cleans up after itself. A long one gives its rows as it goes: each is printed at once. */
export interface Benchmark {
  name: string;
  run(): Promise<Row[]> | AsyncIterable<Row>;
}
