import { z } from 'zod'
import type { EvidenceRecord } from '../../model/record.ts'

/** What the last line of a bundle was, and which host it is about: cutting lines off its end shows. */
export const sealSchema = z.object({
  format: z.literal('pvcheck-evidence/1'),
  run: z.string(),
  pvcheck: z.string(),
  startedAt: z.string(),
  endedAt: z.string(),
  target: z.string(),
  cluster: z.string().optional(),
  exit: z.string(),
  records: z.number().int().positive(),
  /** The hash of the last record. */
  head: z.string(),
})
export type Seal = z.infer<typeof sealSchema>

/** Gathers a seal from the records as they pass by; there is none before the run's `end`. */
export interface Sealer {
  see(record: EvidenceRecord): void
  seal(): Seal | undefined
}

/** Gathers from the records of a run what its seal says. */
export function createSealer(): Sealer {
  const known = { run: '', pvcheck: '', startedAt: '', target: '' }
  let cluster: string | undefined
  let end: Pick<Seal, 'endedAt' | 'exit' | 'records' | 'head'> | undefined
  return {
    see({ seq, at, run, body, hash }) {
      if (seq === 1) Object.assign(known, { run, startedAt: at })
      if (body.kind === 'run') Object.assign(known, { pvcheck: body.pvcheck, target: body.target })
      if (body.kind === 'host') cluster = body.fingerprint.cluster
      if (body.kind === 'end') end = { endedAt: at, exit: body.exit, records: seq, head: hash }
    },
    seal() {
      if (end === undefined) return undefined
      return { format: 'pvcheck-evidence/1', ...known, ...(cluster === undefined ? {} : { cluster }), ...end }
    },
  }
}
