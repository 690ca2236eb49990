/** What a monitor looks at and when it calls something down. All of it comes from the `monitor` of a target. */
export interface MonitorSpec {
  everyMs: number;
  timeoutMs: number;
  /** Failed looks in a row before it is down, good ones before it is up again. */
  downAfter: number;
  upAfter: number;
  method: 'GET' | 'HEAD' | 'POST';
  headers: Record<string, string>;
  followRedirects: boolean;
  expect: MonitorExpectation;
}

/** Every assertion given must hold; what cannot be evaluated (a missing JSON path) does not hold. */
export interface MonitorExpectation {
  /** Inclusive ranges. */
  status: { from: number; to: number }[];
  latencyBelowMs: number | null;
  body: BodyAssertion[];
  /** The certificate must be valid for at least this much longer. */
  certificateValidForMs: number | null;
}

/** One thing that the body must say. A JSON path must lead to exactly one value. */
export type BodyAssertion =
  | { type: 'contains' | 'notContains' | 'matches'; text: string }
  | { type: 'jsonPath'; path: string; equals: string | number | boolean | null };
