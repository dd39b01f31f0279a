import { digestOf } from './covered.ts'
import type { Drill } from './drill.ts'
import { readDrillRecord } from './drill-record.ts'

export interface DrillStatus {
  readonly name: string
  /** `fits`: the record is about the code as it is; `failed`: it is, and says that cases failed. */
  readonly state: 'fits' | 'failed' | 'outdated' | 'missing'
  readonly line: string
}

/** Which records still fit their code. Throws `DRILL_RECORD_UNREADABLE`. */
export async function statusOf(root: string, drills: readonly Drill[]): Promise<readonly DrillStatus[]> {
  return await Promise.all(drills.map((drill) => statusOfOne(root, drill)))
}

async function statusOfOne(root: string, { name, covers, fullCount }: Drill): Promise<DrillStatus> {
  const record = await readDrillRecord(root, name)
  const again = `npm run drill ${name} -- --seed <seed>`
  if (record === undefined) return { name, state: 'missing', line: `${name}: never run in full; ${again}` }
  const what = `${record.cases} cases, seed ${record.seed}, engine ${record.engine}, ${record.endedAt.slice(0, 10)}`
  if (record.digest !== (await digestOf(root, covers))) {
    return { name, state: 'outdated', line: `${name}: the code has changed since its record (${what}); ${again}` }
  }
  if (record.cases < fullCount || record.failures.length > 0) {
    const seen = `${record.failures.length} failures in ${what} of ${fullCount}`
    return { name, state: 'failed', line: `${name}: its record does not stand for it: ${seen}; ${again}` }
  }
  return { name, state: 'fits', line: `${name}: its record fits the code (${what})` }
}
