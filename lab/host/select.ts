import { PvcheckError } from '../../harness/core/errors.ts'
import { type FoundLab, findLabs, type LabRecord } from './record.ts'
import { labState } from './state.ts'

/** The lab of that name, or the only one that runs. Throws LAB_UNKNOWN, LAB_AMBIGUOUS or LAB_NONE, naming what there is. */
export async function selectLab(name: string | undefined): Promise<FoundLab & { readonly record: LabRecord }> {
  const labs = await findLabs()
  const names = labs.map((lab) => lab.name).join(', ') || 'none'
  if (name !== undefined) {
    const lab = labs.find((candidate) => candidate.name === name)
    if (lab?.record !== undefined) return { ...lab, record: lab.record }
    throw usage('LAB_UNKNOWN', `no practice host is called ${JSON.stringify(name)}; there is: ${names}`)
  }
  const states = await Promise.all(labs.map(labState))
  const running = labs.filter((_, index) => states[index] === 'running')
  const [only, second] = running
  if (only?.record === undefined) throw usage('LAB_NONE', `no practice host runs; there is: ${names}`)
  if (second !== undefined) throw usage('LAB_AMBIGUOUS', `several run: ${running.map((lab) => lab.name).join(', ')}`)
  return { ...only, record: only.record }
}

function usage(code: string, seen: string): PvcheckError {
  return new PvcheckError({
    code,
    seen,
    wanted: 'the name of one practice host',
    remedy: 'See "pvcheck lab status"; "pvcheck lab up" boots one.',
    exit: 'usage',
  })
}
