import { PvcheckError } from '../core/errors.ts'
import type { Expectations } from '../model/expectations.ts'
import type { RawCommand } from '../model/facts/raw-command.ts'
import type { RecordBody } from '../model/record.ts'
import { type Credentials, keyOfCredentials } from '../model/routing.ts'
import { messageIn } from '../reach/engine/body.ts'
import type { EngineAnswer } from '../reach/engine/reader.ts'
import type { CommandAnswer } from '../reach/host/runner.ts'
import type { Target } from '../reach/target.ts'
import type { Asker } from './question.ts'

export type NotedAsk = Extract<RecordBody, { kind: 'observation' }>['asks'][number]

export interface AskerOptions {
  readonly signal?: AbortSignal | undefined
  /** The values of credentials, by `keyOfCredentials`. */
  readonly credentials?: Readonly<Record<string, string>> | undefined
}

/** An asker that notes every request and command down in `asks`, those without an answer included. */
export function createAsker(
  target: Target,
  wanted: Expectations,
  asks: NotedAsk[],
  read: Asker['read'],
  { signal, credentials }: AskerOptions = {},
): Asker {
  const stop = signal === undefined ? {} : { signal }
  return {
    wanted,
    read,
    signal,
    async http({ credentials: given, ...request }) {
      const what = `${request.method ?? 'GET'} ${request.url}`
      const authorization = given === undefined ? {} : { authorization: headerOf(given, credentials) }
      const headers = { ...request.headers, ...authorization }
      const exchange = await noteFailure(asks, { via: 'http', what }, () =>
        target.http.ask({ ...stop, ...request, headers }),
      )
      const { startedAt, durationMs, status } = exchange
      asks.push({ via: 'http', what, startedAt, durationMs, ...(status === undefined ? {} : { answer: status }) })
      return exchange
    },
    async knock(at) {
      const what = `connect ${at.host}:${at.port}`
      const knock = await noteFailure(asks, { via: 'http', what }, () => target.http.knock({ ...stop, ...at }))
      asks.push({ via: 'http', what, startedAt: knock.startedAt, durationMs: knock.durationMs })
      return knock
    },
    async engine(path, ask) {
      const answer = await noteFailure(asks, { via: 'engine', what: `GET ${path}` }, () => ask(target.engine))
      const { what, startedAt, durationMs, status } = answer
      asks.push({ via: 'engine', what, startedAt, durationMs, answer: status })
      return bodyOf(answer)
    },
    async run(argv, options) {
      const { host } = target
      if ('unavailable' in host) throw noHost(argv, host.unavailable)
      const answer = await noteFailure(asks, { via: 'host', what: argv.join(' ') }, () =>
        host.run(argv, { ...stop, ...options }),
      )
      asks.push(noteOf(answer))
      const { exitCode, stdout, stderr, truncated } = answer
      return { exitCode, stdout, stderr, truncated } satisfies RawCommand
    },
  }
}

/** The value of the `Authorization` header. */
function headerOf(given: Credentials, values: Readonly<Record<string, string>> = {}): string {
  const key = keyOfCredentials(given)
  const value = values[key]
  if (value === undefined) throw noCredentials(key)
  return `${given.scheme} ${given.scheme === 'Basic' ? Buffer.from(value).toString('base64') : value}`
}

function noteOf({ what, startedAt, durationMs, exitCode }: CommandAnswer): NotedAsk {
  return { via: 'host', what, startedAt, durationMs, answer: exitCode }
}

async function noteFailure<T>(
  asks: NotedAsk[],
  ask: Pick<NotedAsk, 'via' | 'what'>,
  attempt: () => Promise<T>,
): Promise<T> {
  const started = new Date()
  try {
    return await attempt()
  } catch (error) {
    asks.push({ ...ask, startedAt: started.toISOString(), durationMs: Date.now() - started.getTime() })
    throw error
  }
}

/** Carries the body, so that it is saved although it is no answer to the question. */
export class RefusalError extends PvcheckError {
  readonly body: unknown
  readonly status: number

  constructor(what: string, status: number, body: unknown) {
    super({
      code: 'OBSERVE_ENGINE_REFUSED',
      seen: `the engine answered ${what} with ${status}: ${messageIn(body)}`,
      wanted: 'an answer with status 200',
      remedy: 'Look at the message of the engine; on a Swarm manager with a leader this request is always answered.',
      exit: 'unknown',
    })
    this.body = body
    this.status = status
  }
}

/** The body of a 2xx answer. Throws `OBSERVE_ENGINE_REFUSED` on any other. */
export function bodyOf({ what, status, body }: EngineAnswer): unknown {
  if (status < 200 || status > 299) throw new RefusalError(what, status, body)
  return body
}

function noCredentials(key: string): PvcheckError {
  return new PvcheckError({
    code: 'OBSERVE_NO_CREDENTIALS',
    seen: `the value of ${key} is not known to this run`,
    wanted: 'the credentials that the configuration names',
    remedy: 'Start the run with the configuration that names them, and with that variable or file in place.',
    exit: 'unknown',
  })
}

function noHost(argv: readonly string[], reason: string): PvcheckError {
  return new PvcheckError({
    code: 'OBSERVE_NO_HOST',
    seen: `${argv[0]} cannot be run on the manager: ${reason}`,
    wanted: 'a way to run commands on the manager',
    remedy: 'Set `target.host` to `ssh://user@host`, or to `local` when pvcheck runs on the manager itself.',
    exit: 'unknown',
  })
}
