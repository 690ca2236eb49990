/** What the API says when it says no: an RFC 9457 problem document, or our own words where there was no answer at all. */
export class ApiError extends Error {
  readonly status: number;
  readonly title: string;

  constructor(status: number, title: string, detail: string) {
    super(detail || title);
    this.name = 'ApiError';
    this.status = status;
    this.title = title;
  }
}

/** Called once when the session is gone, so that the page can show the log-in. */
let onSignedOut: () => void = () => {};
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

type Query = Record<string, string | number | boolean | undefined>;

function withQuery(path: string, query: Query): string {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(entries.map(([key, value]): [string, string] => [key, String(value)])).toString();
  return text === '' ? path : `${path}?${text}`;
}

async function request<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      ...(signal ? { signal } : {}),
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (thrown) {
    if (signal?.aborted) throw thrown;
    throw new ApiError(
      0,
      'no connection',
      'The service does not answer. It may be restarting, or the network is away.',
    );
  }
  if (response.status === 401) onSignedOut();
  if (response.status === 204) return undefined as T;
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as T;
  const problem = (answer ?? {}) as { title?: string; detail?: string };
  throw new ApiError(response.status, problem.title ?? `error ${response.status}`, problem.detail ?? '');
}

/** Pages of a list until its end, at most `MAX_PAGES`: for lists that are shown and searched as a whole. */
async function all<T>(path: string, query: Query = {}): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer: { items: T[]; nextCursor: string | null } = await api.get(path, { ...query, limit: 500, cursor });
    items.push(...answer.items);
    if (answer.nextCursor === null) break;
    cursor = answer.nextCursor;
  }
  return items;
}
const MAX_PAGES = 40;

export const api = {
  all,
  get: <T>(path: string, query: Query = {}, signal?: AbortSignal) =>
    request<T>('GET', withQuery(`/api/v1${path}`, query), undefined, signal),
  post: <T>(path: string, body: unknown = {}) => request<T>('POST', `/api/v1${path}`, body),
  delete: <T>(path: string) => request<T>('DELETE', `/api/v1${path}`),
};
