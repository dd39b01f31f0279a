import type { Named } from '../../judge/removal/plan.ts'
import { messageIn } from '../../reach/engine/body.ts'
import type { EngineAnswer } from '../../reach/engine/reader.ts'
import type { Work } from './hands.ts'
import { waitUntil } from './wait.ts'

/** One kind of object, and how it is looked for and taken away. */
export interface Kind {
  /** `networks`. */
  readonly plural: string
  /** What is there now and what stands in the way of removing it. */
  look(signal: AbortSignal): Promise<Look>
  /** What is there now, by id. */
  present(signal: AbortSignal): Promise<ReadonlySet<string>>
  remove(id: string, signal: AbortSignal): Promise<EngineAnswer>
}

export interface Look {
  readonly has: (id: string) => boolean
  /** Why it is not to be removed, for somebody uses it; `undefined` where nobody does. */
  readonly usedBy?: (id: string) => string | undefined
  /** Why it may not be removed yet. */
  readonly busy?: (id: string) => string | undefined
}

/**
 * Removes each until a full list no longer has it: whether a request was answered, and how, is not what counts. Returns
 * what stays because somebody uses it, with who does.
 */
export async function removeObjects(objects: readonly Named[], kind: Kind, work: Work): Promise<readonly string[]> {
  if (objects.length === 0) return []
  const what = `the ${kind.plural} ${objects.map(({ name }) => name).join(', ')} to be gone`
  return await waitUntil(what, work.deadlines.objectsMs, work, async (signal) => {
    const { has, usedBy, busy } = await kind.look(signal)
    const present = objects.filter(({ id }) => has(id))
    const users = (id: string): string | undefined => usedBy?.(id)
    const going = present.filter(({ id }) => users(id) === undefined)
    if (going.length === 0) {
      return { done: true, value: present.map(({ id, name }) => `${name}: ${users(id)}`) }
    }
    const states: string[] = []
    for (const { id, name } of going) states.push(`${name} ${busy?.(id) ?? (await take(kind, id, signal))}`)
    const state = `${kind.plural}: ${states.join('; ')}`
    // Mostly a list no longer has what the engine has just agreed to remove.
    if (going.length < present.length || going.some(({ id }) => busy?.(id) !== undefined)) return { done: false, state }
    work.onProgress(state)
    const left = await kind.present(signal)
    return going.some(({ id }) => left.has(id)) ? { done: false, state } : { done: true, value: [] }
  })
}

async function take(kind: Kind, id: string, signal: AbortSignal): Promise<string> {
  const { status, body } = await kind.remove(id, signal)
  if (status >= 200 && status <= 299) return 'is being removed'
  return status === 404 ? 'is gone, says the engine' : `is refused with ${status}: ${messageIn(body)}`
}
