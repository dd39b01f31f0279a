import { orGiveUp } from '../../core/give-up.ts'
import type { AskOptions, EngineAnswer, EngineReader } from './reader.ts'

/**
 * A reader for many who look at the same things at once. Whoever asks while the same is being asked waits for the *next*
 * answer, together with all who ask meanwhile: no answer was begun before somebody asked for it. One who gives up leaves
 * the others theirs; a request that nobody waits for any more is broken off.
 */
export function shareReader(reader: EngineReader): EngineReader {
  const queues = new Map<string, Queue>()
  const share = <O extends AskOptions>(
    kind: string,
    ask: (options: O & AskOptions) => Promise<EngineAnswer>,
    options: O | undefined,
  ): Promise<EngineAnswer> => {
    const { signal, ...rest } = { ...options }
    const key = `${kind} ${JSON.stringify(rest)}`
    const queue = queues.get(key) ?? createQueue((stop) => ask({ ...Object(rest), signal: stop }))
    queues.set(key, queue)
    return queue.ask(signal)
  }
  return {
    ...reader,
    info: (options) => share('info', reader.info, options),
    nodes: (options) => share('nodes', reader.nodes, options),
    services: (options) => share('services', reader.services, options),
    tasks: (options) => share('tasks', reader.tasks, options),
    networks: (options) => share('networks', reader.networks, options),
    containers: (options) => share('containers', reader.containers, options),
    configs: (options) => share('configs', reader.configs, options),
    secrets: (options) => share('secrets', reader.secrets, options),
    network: (id, options) => share(`network ${id}`, (given) => reader.network(id, given), options),
  }
}

interface Queue {
  ask(signal: AbortSignal | undefined): Promise<EngineAnswer>
}

/** Those who wait for one answer. */
interface Round {
  readonly stop: AbortController
  readonly answer: Promise<EngineAnswer>
  waiting: number
  isOver: boolean
}

function createQueue(ask: (signal: AbortSignal) => Promise<EngineAnswer>): Queue {
  /** The last one that was begun or is to begin; it settles when it is over. */
  let last: Promise<unknown> = Promise.resolve()
  let gathering: Round | undefined

  const open = (): Round => {
    const stop = new AbortController()
    const begin = async (): Promise<EngineAnswer> => {
      if (gathering === round) gathering = undefined
      stop.signal.throwIfAborted()
      return await ask(stop.signal)
    }
    const answer = last.then(begin)
    const end = (): void => {
      round.isOver = true
    }
    // Whoever waits hears of a failure; the next round begins in any case.
    last = answer.then(end, end)
    const round: Round = { stop, answer, waiting: 0, isOver: false }
    return round
  }

  return {
    ask: async (signal) => {
      signal?.throwIfAborted()
      gathering ??= open()
      const round = gathering
      round.waiting += 1
      try {
        return await orGiveUp(round.answer, signal)
      } finally {
        round.waiting -= 1
        if (round.waiting === 0 && !round.isOver) {
          if (gathering === round) gathering = undefined
          round.stop.abort(new Error('nobody waits for it any more'))
        }
      }
    },
  }
}
