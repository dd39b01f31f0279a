import { censusDrill } from './census/census.ts'
import type { Drill } from './drill.ts'
import { killDrill } from './kill/kill.ts'
import { leakDrill } from './leak/leak.ts'

/** All drills, in the order in which they are listed. */
export const drills: readonly Drill[] = [killDrill, censusDrill, leakDrill]
