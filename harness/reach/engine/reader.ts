import type { EngineEvents, EventOptions } from './events.ts'

/** What the engine said to one request. A non-2xx status is an answer, too. */
export interface EngineAnswer {
  /** The request as it was made: `GET /v1.41/services`. */
  readonly what: string
  /** ISO 8601, by the clock of this machine. */
  readonly startedAt: string
  readonly durationMs: number
  readonly status: number
  /** Parsed JSON, or the text where the engine sent none. */
  readonly body: unknown
}

export interface AskOptions {
  readonly signal?: AbortSignal
}

/** Filters as the Engine API takes them: `{ 'desired-state': ['running'] }`. */
export type Filters = Readonly<Record<string, readonly string[]>>

/**
 * The reading hand: no method of it changes anything.
 * Each throws a `PvcheckError` when no answer came (`REACH_SSH_LOST`, `REACH_ENGINE_GONE`, `REACH_ENGINE_TIMEOUT`, ...).
 */
export interface EngineReader {
  version(options?: AskOptions): Promise<EngineAnswer>
  info(options?: AskOptions): Promise<EngineAnswer>
  /** The Swarm itself; 503 where this node is in none, or is no manager, or where no manager leads. */
  swarm(options?: AskOptions): Promise<EngineAnswer>
  nodes(options?: AskOptions): Promise<EngineAnswer>
  services(options?: AskOptions & { readonly status?: boolean; readonly filters?: Filters }): Promise<EngineAnswer>
  /** 404 where there is none. An engine takes names and beginnings of ids for ids, too: look at the `ID` it answers. */
  service(id: string, options?: AskOptions): Promise<EngineAnswer>
  tasks(options?: AskOptions & { readonly filters?: Filters }): Promise<EngineAnswer>
  networks(options?: AskOptions & { readonly filters?: Filters }): Promise<EngineAnswer>
  /** `verbose` also asks for the endpoints of every node that hosts a task on it. */
  network(idOrName: string, options?: AskOptions & { readonly verbose?: boolean }): Promise<EngineAnswer>
  containers(options?: AskOptions & { readonly all?: boolean; readonly filters?: Filters }): Promise<EngineAnswer>
  /** One of the engine that was asked; it takes names and beginnings of ids for ids, too. */
  container(id: string, options?: AskOptions): Promise<EngineAnswer>
  /** Volumes of the engine that was asked: no Swarm knows of them. */
  volumes(options?: AskOptions): Promise<EngineAnswer>
  /** Images on the engine that was asked, with the names they have there. */
  images(options?: AskOptions): Promise<EngineAnswer>
  /** The newest lines of a service, at most `tail` of each of its tasks; the body is a list of `LogPiece`. */
  serviceLogs(id: string, options: AskOptions & { readonly tail: number }): Promise<EngineAnswer>
  configs(options?: AskOptions & { readonly filters?: Filters }): Promise<EngineAnswer>
  config(id: string, options?: AskOptions): Promise<EngineAnswer>
  /** Without what they keep: no engine tells that. */
  secrets(options?: AskOptions & { readonly filters?: Filters }): Promise<EngineAnswer>
  secret(id: string, options?: AskOptions): Promise<EngineAnswer>
  /**
   * What happens from now on, or from `sinceNs` on as far as the engine remembers (its last 256 events), in order.
   * Resolves when the engine has agreed; throws `REACH_EVENTS_REFUSED` where it does not. It may miss what happens in
   * its first moments, so who must miss nothing gives a `sinceNs` by the engine's clock (see `nanosOf`). An engine drops
   * events for a reader who lags: they say when to look, and never what is.
   */
  events(options: EventOptions): Promise<EngineEvents>
}
