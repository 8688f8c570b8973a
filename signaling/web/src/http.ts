import type { ServerClock } from "./clock"

/** What a problem document (RFC 9457) of the server says, or `offline` when no answer came. */
export class Problem extends Error {
  constructor(
    /** Stable name, as `consent_missing`; `offline` when the server was not reached. */
    readonly code: string,
    /** HTTP status, 0 when offline. */
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly params: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${code}: ${detail || title}`)
    this.name = "Problem"
  }

  get offline(): boolean {
    return this.status === 0
  }
}

export interface ApiOptions {
  page: "kiosk" | "console"
  /** The language in which the server words its problems. */
  language: () => string
  /** Where the API is, "/api/v1" unless told. */
  base?: string
  clock?: ServerClock
  fetch?: typeof fetch
  /** Told of every 401: the cookie is gone or over. */
  onUnauthorised?: (problem: Problem) => void
  /** Waits between the tries of a request that got no answer, ms. */
  retries?: readonly number[]
}

type Query = Record<string, string | number | boolean | null | undefined>
export interface RequestOptions { query?: Query; signal?: AbortSignal }

/** The HTTP API. Every method throws `Problem`; a command keeps its Idempotency-Key over its tries. */
export interface Api {
  readonly page: "kiosk" | "console"
  get<T>(path: string, options?: RequestOptions): Promise<T>
  post<T = void>(path: string, body?: unknown, options?: RequestOptions): Promise<T>
  put<T = void>(path: string, body?: unknown, options?: RequestOptions): Promise<T>
  patch<T = void>(path: string, body?: unknown, options?: RequestOptions): Promise<T>
  del<T = void>(path: string, body?: unknown, options?: RequestOptions): Promise<T>
  /** A multipart POST. */
  upload<T>(path: string, form: FormData, options?: RequestOptions): Promise<T>
  /** The address of a picture or film for `src`: such requests cannot carry the page's header. */
  url(path: string, query?: Query): string
}

const SAFE = new Set(["GET", "HEAD"])
const TIME_LIMIT_MS = 30_000

export function createApi(options: ApiOptions): Api {
  const base = options.base ?? "/api/v1"
  const send = options.fetch ?? ((input, init) => fetch(input, init))
  const waits = options.retries ?? [400, 1200, 3000]

  function address(path: string, query?: Query): string {
    const known = Object.entries(query ?? {}).filter(([, value]) => value !== null && value !== undefined)
    const text = new URLSearchParams(known.map(([name, value]) => [name, String(value)])).toString()
    return `${base}${path}${text ? `?${text}` : ""}`
  }

  async function once(method: string, url: string, headers: Record<string, string>, body: BodyInit | null, signal?: AbortSignal) {
    const limit = AbortSignal.timeout(TIME_LIMIT_MS)
    const asked = Date.now()
    const response = await send(url, {
      method, headers, body, credentials: "same-origin", cache: "no-store",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    })
    const date = response.headers.get("date")
    if (date) options.clock?.answered(Date.parse(date), asked)
    return response
  }

  async function request<T>(method: string, path: string, body: unknown, more: RequestOptions = {}): Promise<T> {
    const headers: Record<string, string> = {
      Accept: "application/json",
      "Accept-Language": options.language(),
      "X-Virtual-Window-Page": options.page,
    }
    if (!SAFE.has(method)) headers["Idempotency-Key"] = newKey()
    let payload: BodyInit | null = null
    if (body instanceof FormData) payload = body
    else if (body !== undefined) {
      headers["Content-Type"] = "application/json"
      payload = JSON.stringify(body)
    }
    const url = address(path, more.query)
    for (let attempt = 0; ; attempt++) {
      let response: Response
      try {
        response = await once(method, url, headers, payload, more.signal)
      } catch (error) {
        if (more.signal?.aborted) throw error
        const wait = waits[attempt]
        if (wait === undefined) throw new Problem("offline", 0, "offline", String(error))
        await pause(wait)
        continue
      }
      // A first try whose answer was lost is still being worked on: ask again for its answer.
      const wait = waits[attempt]
      if (response.status === 503 && wait !== undefined) {
        await pause(wait)
        continue
      }
      if (!response.ok) {
        const problem = await readProblem(response)
        if (problem.code === "command_running" && wait !== undefined) {
          await pause(wait)
          continue
        }
        if (problem.status === 401) options.onUnauthorised?.(problem)
        throw problem
      }
      return (response.status === 204 ? undefined : await response.json()) as T
    }
  }

  return {
    page: options.page,
    get: (path, more) => request("GET", path, undefined, more),
    post: (path, body, more) => request("POST", path, body, more),
    put: (path, body, more) => request("PUT", path, body, more),
    patch: (path, body, more) => request("PATCH", path, body, more),
    del: (path, body, more) => request("DELETE", path, body, more),
    upload: (path, form, more) => request("POST", path, form, more),
    url: (path, query) => address(path, { ...query, page: options.page }),
  }
}

async function readProblem(response: Response): Promise<Problem> {
  const text = await response.text()
  try {
    const body = JSON.parse(text) as Partial<Record<"code" | "title" | "detail", string>> & { params?: Record<string, unknown> }
    return new Problem(body.code ?? `http_${response.status}`, response.status, body.title ?? "", body.detail ?? "", body.params ?? {})
  } catch {
    return new Problem(`http_${response.status}`, response.status, response.statusText, text.slice(0, 200))
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** A random UUID; `crypto.randomUUID` exists in secure contexts only, a kiosk page by plain HTTP in a LAN has none. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-")
}
