import { PvcheckError } from '../../harness/core/errors.ts'
import { destroy } from './destroy.ts'
import { withRemovalLock } from './housekeeping.ts'
import { findLabs } from './record.ts'

export interface DownOptions {
  /** One by its name, or all of them, those that others are just booting included. */
  readonly which: { readonly name: string } | 'all'
  readonly signal?: AbortSignal
  readonly progress: (line: string) => void
}

/** Removes practice hosts without a trace; returns their names. A removal that has begun is not interrupted. */
export async function lower(options: DownOptions): Promise<string[]> {
  const wanted = await matching(options.which)
  if (wanted.length === 0) return []
  return await withRemovalLock(async () => {
    const removed: string[] = []
    for (const lab of await matching(options.which)) {
      options.signal?.throwIfAborted()
      await destroy(lab)
      options.progress(`removed ${lab.name}`)
      removed.push(lab.name)
    }
    return removed
  }, options.signal)
}

async function matching(which: DownOptions['which']) {
  const labs = await findLabs()
  if (which === 'all') return labs
  const found = labs.filter((lab) => lab.name === which.name)
  if (found.length > 0) return found
  throw new PvcheckError({
    code: 'LAB_UNKNOWN',
    seen: `no practice host is called ${JSON.stringify(which.name)}; there is: ${labs.map((lab) => lab.name).join(', ') || 'none'}`,
    wanted: 'the name of one practice host',
    remedy: 'See "pvcheck lab status".',
    exit: 'usage',
  })
}
