import type { Expectations } from '../model/expectations.ts'
import type { Fact } from '../model/fact.ts'
import type { RawCommand } from '../model/facts/raw-command.ts'
import type { Exchange, Knock } from '../model/http.ts'
import type { Credentials } from '../model/routing.ts'
import type { EngineAnswer, EngineReader } from '../reach/engine/reader.ts'
import type { RunOptions } from '../reach/host/runner.ts'
import type { HttpRequest } from '../reach/http/http.ts'

/** What a question may do to find its answer; every step is noted down as an ask. */
export interface Asker {
  readonly wanted: Expectations
  /** The body of a 2xx answer. Throws `OBSERVE_ENGINE_REFUSED` on any other. */
  engine(path: string, ask: (engine: EngineReader) => Promise<EngineAnswer>): Promise<unknown>
  /** Whatever the exit code. Throws `OBSERVE_NO_HOST` where commands cannot be run. */
  run(argv: readonly string[], options?: RunOptions): Promise<RawCommand>
  /** One web request; what fails is in the exchange. Throws `OBSERVE_NO_CREDENTIALS` where their value is not known. */
  http(request: HttpRequest & { readonly credentials?: Credentials | undefined }): Promise<Exchange>
  knock(at: { readonly host: string; readonly port: number }): Promise<Knock>
  /** Aborts when nothing more can be asked; for whoever waits between two requests. */
  readonly signal: AbortSignal | undefined
  /** Another fact that this one depends on; asked at most once, like any. */
  read<T>(fact: Fact<T>): Promise<T>
}

/** How a fact is asked. What it resolves with is redacted, saved, and only then decoded by the fact's schema. */
export interface Question {
  readonly fact: Fact<unknown>
  readonly ask: (asker: Asker) => Promise<unknown>
}
