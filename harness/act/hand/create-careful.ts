import { z } from 'zod'
import { joinErrors, PvcheckError } from '../../core/errors.ts'
import { expiryAfter, labelsOf, type Mark } from '../../model/mark.ts'
import { messageIn } from '../../reach/engine/body.ts'
import type { AskOptions, EngineAnswer, EngineReader } from '../../reach/engine/reader.ts'
import { neverLeft } from '../../reach/engine/trouble.ts'
import type { EngineWriter, ObjectSpec } from '../../reach/engine/writer.ts'
import type { EngineClock } from '../mark/engine-clock.ts'
import type { HoldView } from '../mark/hold-view.ts'
import type { CreatedKind } from '../mark/intent-line.ts'
import type { Deed, Intents } from '../mark/intents.ts'
import type { Attempted, CarefulHand } from './careful.ts'
import { createRefused, notRemoved, withoutId } from './careful-trouble.ts'
import { findCreated } from './find-created.ts'
import { createOwnHand, type OwnHand } from './own.ts'

export interface CarefulParts {
  readonly reader: EngineReader
  /** The bare hand: all goes through an own hand of the run. */
  readonly writer: EngineWriter
  /** The same over connections that are kept, for what is asked many times in a row. */
  readonly often?: { readonly reader: EngineReader; readonly writer: EngineWriter }
  readonly clock: EngineClock
  readonly hold: HoldView
  readonly intents: Pick<Intents, 'intend' | 'created' | 'gone' | 'note'>
  readonly run: string
  readonly owner: string
  readonly lifetimeSeconds: number
  /** Aborts, with `JANITOR_GONE`, when nobody would clean up any more. */
  readonly unattended: AbortSignal
}

interface Created {
  readonly kind: CreatedKind
  readonly name: string
}

export function createCarefulHand(parts: CarefulParts): CarefulHand {
  const { reader, often = parts, clock, hold, intents, run, owner, lifetimeSeconds, unattended } = parts
  let expires = new Date(0).toISOString()
  const mark = (): Mark => ({ run, owner, expires })
  const own = createOwnHand(parts, mark)
  const ownOften = createOwnHand(often, mark)
  const lostLock = new AbortController()
  const lost = AbortSignal.any([lostLock.signal, unattended])
  /** What was sent and never answered for certain: a later refusal does not mean that it is not there. */
  const mayAppear = new Set<string>()
  const waitingLines: Deed[] = []

  async function assertMayCreate(options: AskOptions | undefined): Promise<void> {
    lost.throwIfAborted()
    try {
      await hold.assert(options)
    } catch (error) {
      if (error instanceof PvcheckError && error.code === 'LOCK_LOST') lostLock.abort(error)
      throw error
    }
    lost.throwIfAborted()
  }

  /** The last looks before it goes out; when they throw, nothing has. */
  async function ready(options: AskOptions | undefined): Promise<void> {
    expires = expiryAfter(lifetimeSeconds, await clock.now(options))
    // Writing the intent may have taken long, or this process may have been halted in it.
    await assertMayCreate(options)
    options?.signal?.throwIfAborted()
  }

  function send({ kind }: Created, spec: ObjectSpec, options: AskOptions | undefined): Promise<EngineAnswer> {
    switch (kind) {
      case 'service':
        return own.createService(spec, options)
      case 'network':
        return own.createNetwork(spec, options)
      case 'config':
        return own.createConfig(spec, options)
      case 'secret':
        return own.createSecret(spec, options)
    }
  }

  /** One of many, whose intent is on disk; a line that says so comes later, for all of them. */
  async function attempt(
    spec: ObjectSpec & { readonly Name: string },
    options: AskOptions | undefined,
  ): Promise<Attempted> {
    const name = spec.Name
    const created: Created = { kind: 'service', name }
    try {
      // The first answers may have taken long.
      await assertMayCreate(options).catch(async (error: unknown) => {
        throw await notMade(created, error)
      })
      return { name, id: await idOf(created, () => ownOften.createService(spec, options)) }
    } catch (error) {
      return { name, error }
    }
  }

  /** Together with what has waited for the next sync. */
  async function noteWith(deeds: readonly Deed[]): Promise<void> {
    await intents.note([...waitingLines.splice(0), ...deeds])
  }

  async function createMany(
    specs: readonly (ObjectSpec & { readonly Name: string })[],
    options: AskOptions | undefined,
  ): Promise<readonly Attempted[]> {
    const named = (line: 'intend' | 'gone') => specs.map(({ Name }) => ({ line, kind: 'service' as const, name: Name }))
    await assertMayCreate(options)
    await noteWith(named('intend'))
    try {
      await ready(options)
    } catch (error) {
      await intents.note(named('gone')).catch((also: unknown) => {
        throw joinErrors(error, [also])
      })
      throw error
    }
    const attempted = await Promise.all(specs.map((spec) => attempt(spec, options)))
    const made = attempted.flatMap(({ name, id }) => (id === undefined ? [] : [{ name, id }]))
    for (const { name } of made) mayAppear.delete(keyOf('service', name))
    waitingLines.push(...made.map(({ name, id }) => ({ line: 'created' as const, kind: 'service' as const, name, id })))
    return attempted
  }

  /** Not one that never left this machine: then nothing was made, unless an earlier try was. */
  async function notMade({ kind, name }: Created, error: unknown): Promise<unknown> {
    if (mayAppear.has(keyOf(kind, name))) return error
    try {
      await intents.gone(kind, name)
      return error
    } catch (also) {
      return joinErrors(error, [also])
    }
  }

  /** Looks for what a create of unknown end has made. The one who called it off has no say in that. */
  async function look(created: Created, because: unknown): Promise<string> {
    mayAppear.add(keyOf(created.kind, created.name))
    const id = await findCreated(reader, { ...created, run }).catch((also: unknown) => {
      throw joinErrors(because, [also])
    })
    if (id === undefined) throw because
    return id
  }

  async function idOf(created: Created, sent: () => Promise<EngineAnswer>): Promise<string> {
    let answer: EngineAnswer
    try {
      answer = await sent()
    } catch (error) {
      const isCertain = error instanceof PvcheckError && (error.code === 'OWN_MARK_DENIED' || neverLeft(error))
      if (isCertain) throw await notMade(created, error)
      return look(created, error)
    }
    const { status, body } = answer
    if (status >= 200 && status <= 299) return idIn(body) ?? look(created, withoutId(answer))
    const mayBeMade = (status < 400 || status > 499 || status === 408) && !isWithoutNetwork(answer)
    const isCertain = !mayBeMade && !mayAppear.has(keyOf(created.kind, created.name))
    const refused = createRefused(created, answer, isCertain)
    // The name is taken: by ourselves, where the answer to an earlier try was lost.
    if (isCertain) throw await notMade(created, refused)
    return look(created, refused)
  }

  return {
    run,
    reader,
    lost,
    removeService: own.removeService,
    removeNetwork: own.removeNetwork,
    removeConfig: own.removeConfig,
    removeSecret: own.removeSecret,
    async create(kind, spec, options) {
      const created = { kind, name: spec.Name }
      await assertMayCreate(options)
      await intents.intend(kind, spec.Name)
      try {
        await ready(options)
      } catch (error) {
        throw await notMade(created, error)
      }
      const id = await idOf(created, () => send(created, spec, options))
      await intents.created(kind, spec.Name, id)
      mayAppear.delete(keyOf(kind, spec.Name))
      return id
    },
    gone: (kind, name) => intents.gone(kind, name),
    async marks(options) {
      await ready(options)
      return labelsOf({ run, owner, expires })
    },
    many: {
      reader: often.reader,
      create: createMany,
      remove: (services, options) => removeAll(services, ownOften, options),
      gone: (names) => {
        waitingLines.push(...names.map((name) => ({ line: 'gone' as const, kind: 'service' as const, name })))
      },
      flush: () => noteWith([]),
    },
  }
}

/** An engine looks for the networks of a service before it creates it, and calls it a 500 that there is none. */
function isWithoutNetwork({ status, body }: EngineAnswer): boolean {
  return status === 500 && /^network \S+ not found$/.test(messageIn(body))
}

async function removeAll(services: readonly unknown[], own: OwnHand, options: AskOptions | undefined): Promise<void> {
  const outcomes = await Promise.allSettled(services.map((service) => own.removeListed(service, options)))
  const [first, ...others] = outcomes.flatMap((outcome): readonly unknown[] => {
    if (outcome.status === 'rejected') return [outcome.reason]
    const { status } = outcome.value
    return (status >= 200 && status <= 299) || status === 404 ? [] : [notRemoved(outcome.value)]
  })
  if (first !== undefined) throw joinErrors(first, others)
}

function keyOf(kind: CreatedKind, name: string): string {
  return `${kind} ${name}`
}

const idSchema = z.union([
  z.object({ ID: z.string().min(1) }).transform(({ ID }) => ID),
  z.object({ Id: z.string().min(1) }).transform(({ Id }) => Id),
])

/** Networks have it in another place than the rest. */
function idIn(body: unknown): string | undefined {
  return idSchema.safeParse(body).data
}
