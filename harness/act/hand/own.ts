import { z } from 'zod'
import { isLive } from '../../judge/address/task-state.ts'
import { taskLabel } from '../../model/facts/local-objects.ts'
import { tasks } from '../../model/facts/tasks.ts'
import { type Mark, markOf } from '../../model/mark.ts'
import type { AskOptions, EngineAnswer, EngineReader } from '../../reach/engine/reader.ts'
import type { EngineWriter } from '../../reach/engine/writer.ts'
import { marked, markedService } from './marked.ts'
import { cannotRead, notOurs, ofTask } from './trouble.ts'

/**
 * The own hand: all that it creates carries the mark of its run, and it changes and removes nothing else. It reads an
 * object right before: `OWN_NOT_OURS` where that does not carry the run's mark, `OWN_CANNOT_READ` where that cannot be
 * told; either way nothing was changed. A 404 of a remove, be it to the reading, is "gone already". An id is whole.
 * A container goes only where its task has ended or is gone: until then it is the Swarm's, and `OWN_OF_TASK`.
 */
export interface OwnHand extends EngineWriter {
  readonly run: string
  /** Removes a service by what a list has just said of it, so that it is not read once more. */
  removeListed(service: unknown, options?: AskOptions): Promise<EngineAnswer>
}

export interface Hands {
  readonly reader: EngineReader
  readonly writer: EngineWriter
}

/** `mark` is asked for with each object, for its end moves on while the run lives; its run and owner do not. */
export function createOwnHand({ reader, writer }: Hands, mark: () => Mark): OwnHand {
  const { run, owner } = mark()
  const current = (): Mark => ({ run, owner, expires: mark().expires })

  /** Does what `act` does to an object of ours; where there is none, says so with what was read. */
  const change = async (
    kind: 'service' | 'network' | 'config' | 'secret' | 'container',
    id: string,
    options: AskOptions | undefined,
    act: () => Promise<EngineAnswer>,
  ): Promise<EngineAnswer> => {
    const what = `the ${kind} ${id}`
    const read = await reader[kind](id, options)
    if (isGone(what, id, read)) return read
    proveOurs(what, { id, run }, read)
    if (kind === 'container') proveForgotten(what, read, await reader.tasks(options))
    const done = await act()
    isGone(what, id, done)
    return done
  }

  return {
    run,
    createService: async (spec, options) => writer.createService(markedService(spec, current()), options),
    createNetwork: async (spec, options) => writer.createNetwork(marked(spec, current()), options),
    createConfig: async (spec, options) => writer.createConfig(marked(spec, current()), options),
    createSecret: async (spec, options) => writer.createSecret(marked(spec, current()), options),
    updateConfig: (id, version, spec, options) =>
      change('config', id, options, async () => writer.updateConfig(id, version, marked(spec, current()), options)),
    removeService: (id, options) => change('service', id, options, () => writer.removeService(id, options)),
    removeListed: async (service, options) => {
      const object = objectSchema.safeParse(service).data
      if (object === undefined) throw cannotRead('a listed service', 'it has no id and no labels')
      const what = `the service ${object.id}`
      proveMark(what, object.labels, run)
      const done = await writer.removeService(object.id, options)
      isGone(what, object.id, done)
      return done
    },
    removeNetwork: (id, options) => change('network', id, options, () => writer.removeNetwork(id, options)),
    removeConfig: (id, options) => change('config', id, options, () => writer.removeConfig(id, options)),
    removeSecret: (id, options) => change('secret', id, options, () => writer.removeSecret(id, options)),
    removeContainer: (id, options) => change('container', id, options, () => writer.removeContainer(id, options)),
  }
}

const labels = z.unknown().optional()
/** Networks and containers have their id and labels in other places than the rest. */
const objectSchema = z.union([
  z
    .object({ Id: z.string(), Config: z.object({ Labels: labels }) })
    .transform(({ Id, Config }) => ({ id: Id, labels: Config.Labels })),
  z
    .object({ ID: z.string(), Spec: z.object({ Labels: labels }) })
    .transform(({ ID, Spec }) => ({ id: ID, labels: Spec.Labels })),
  z.object({ Id: z.string(), Labels: labels }).transform(({ Id, Labels }) => ({ id: Id, labels: Labels })),
])

/** Whether the engine says that there is none. A 404 that does not name it is about something else: the path, say. */
function isGone(what: string, id: string, { status, body }: EngineAnswer): boolean {
  if (status !== 404) return false
  if (JSON.stringify(body).includes(id)) return true
  throw cannotRead(what, answered(status, body))
}

/** Throws unless it is the one, and the run's. */
function proveOurs(what: string, { id, run }: { id: string; run: string }, { status, body }: EngineAnswer): void {
  if (status !== 200) throw cannotRead(what, answered(status, body))
  const object = objectSchema.safeParse(body).data
  if (object === undefined) throw cannotRead(what, 'what the engine answered has no id and no labels')
  // An engine also takes the beginning of an id for one, and a name.
  if (object.id !== id) throw notOurs(what, `is another object, whose id is ${object.id}`, run)
  proveMark(what, object.labels, run)
}

function proveMark(what: string, labelled: unknown, run: string): void {
  const reading = markOf(labelled)
  if (reading.kind === 'none') throw notOurs(what, 'carries no mark of pvcheck', run)
  if (reading.kind === 'damaged') throw notOurs(what, `carries a damaged mark: ${reading.why}`, run)
  if (reading.mark.run !== run) throw notOurs(what, `belongs to the run ${reading.mark.run}`, run)
}

const taskLabelled = z.object({ Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }) })

/** Throws where the Swarm still knows the container's task as live: it ends and removes it by itself. */
function proveForgotten(what: string, container: EngineAnswer, known: EngineAnswer): void {
  const task = taskLabelled.safeParse(container.body).data?.Config.Labels?.[taskLabel]
  if (known.status !== 200) throw cannotRead(what, answered(known.status, known.body))
  const list = tasks.schema.safeParse(known.body).data
  if (list === undefined) throw cannotRead(what, 'what the engine answered is no list of tasks')
  const live = list.find((one) => one.ID === task && isLive(one))
  if (live !== undefined) throw ofTask(what, live.ID, live.Status.State)
}

function answered(status: number, body: unknown): string {
  return `the engine answered with ${status}: ${JSON.stringify(body)}`
}
