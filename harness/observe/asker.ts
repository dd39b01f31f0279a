import { messageOf, PvcheckError } from '../core/errors.ts'
import type { Expectations } from '../model/expectations.ts'
import type { RawCommand } from '../model/facts/raw-command.ts'
import type { RecordBody } from '../model/record.ts'
import type { CommandAnswer } from '../reach/host/runner.ts'
import type { Target } from '../reach/target.ts'
import type { Asker } from './question.ts'

export type NotedAsk = Extract<RecordBody, { kind: 'observation' }>['asks'][number]

/** An asker that notes every request and command down in `asks`, those without an answer included. */
export function createAsker(
  target: Target,
  wanted: Expectations,
  asks: NotedAsk[],
  read: Asker['read'],
  signal?: AbortSignal,
): Asker {
  return {
    wanted,
    read,
    async engine(path, ask) {
      const answer = await noteFailure(asks, { via: 'engine', what: `GET ${path}` }, () => ask(target.engine))
      const { what, startedAt, durationMs, status, body } = answer
      asks.push({ via: 'engine', what, startedAt, durationMs, answer: status })
      if (status < 200 || status > 299) throw refusal(what, status, body)
      return body
    },
    async run(argv, options) {
      const { host } = target
      if ('unavailable' in host) throw noHost(argv, host.unavailable)
      const answer = await noteFailure(asks, { via: 'host', what: argv.join(' ') }, () =>
        host.run(argv, signal === undefined ? options : { signal, ...options }),
      )
      asks.push(noteOf(answer))
      const { exitCode, stdout, stderr, truncated } = answer
      return { exitCode, stdout, stderr, truncated } satisfies RawCommand
    },
  }
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

  constructor(what: string, status: number, body: unknown) {
    super({
      code: 'OBSERVE_ENGINE_REFUSED',
      seen: `the engine answered ${what} with ${status}: ${messageIn(body)}`,
      wanted: 'an answer with status 200',
      remedy: 'Look at the message of the engine; on a Swarm manager with a leader this request is always answered.',
      exit: 'unknown',
    })
    this.body = body
  }
}

function refusal(what: string, status: number, body: unknown): RefusalError {
  return new RefusalError(what, status, body)
}

function messageIn(body: unknown): string {
  if (typeof body === 'object' && body !== null && 'message' in body) return messageOf(body.message)
  return typeof body === 'string' && body !== '' ? body : 'no message'
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
