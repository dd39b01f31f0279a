import type { PvcheckError } from '../../core/errors.ts'
import { exitCodes } from '../../core/exit.ts'
import { bullets, code, prose } from './markdown.ts'

/** STATUS of a run whose evidence cannot be relied on: it claims nothing. */
export function renderBroken(problem: PvcheckError, bundlePath: string): string {
  const { code: exit, meaning } = exitCodes[problem.exit]
  return `${[
    `CLAIM: 0 of 0 checks passed; the evidence cannot be relied on: ${prose(problem.code, 100)}; M1, M2 not reviewed`,
    '# pvcheck STATUS',
    bullets([
      `**Evidence:** ${code(bundlePath)}`,
      `**Seen:** ${prose(problem.seen, 2000)}`,
      `**Wanted:** ${prose(problem.wanted)}`,
      `**Remedy:** ${prose(problem.remedy, 2000)}`,
      `**Exit:** ${exit}, ${problem.exit}: ${meaning}`,
    ]),
  ].join('\n\n')}\n`
}
