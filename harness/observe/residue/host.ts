import { messageOf, PvcheckError } from '../../core/errors.ts'
import type { Asker } from '../question.ts'
import { together } from '../routes/together.ts'

/** The mounts can be read by anybody, the folder of the files only by root. */
const commands = {
  mounts: ['cat', '/proc/self/mountinfo'],
  files: ['ls', '-1', '/run/docker/netns'],
  links: ['ip', '-o', 'link', 'show'],
} as const

/** What the manager's own kernel has of overlays; what cannot be asked is in its place with the reason. */
export async function lookAtHost(asker: Asker): Promise<object> {
  try {
    const answers = await together(
      Object.entries(commands).map(async ([name, argv]) => [name, await tried(asker, argv)] as const),
    )
    return Object.fromEntries(answers)
  } catch (error) {
    if (error instanceof PvcheckError && error.code === 'OBSERVE_NO_HOST') return { unavailable: error.seen }
    throw error
  }
}

async function tried(asker: Asker, argv: readonly string[]): Promise<object> {
  try {
    return await asker.run(argv)
  } catch (error) {
    asker.signal?.throwIfAborted()
    if (error instanceof PvcheckError && error.code === 'OBSERVE_NO_HOST') throw error
    return { error: messageOf(error) }
  }
}
