import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'
import type { CheckId } from '../../../harness/model/finding.ts'
import { findingSchema } from '../../../harness/model/finding.ts'
import { isGreen, worstVerdict } from '../../../harness/model/verdict.ts'
import { packageRoot } from '../../host/asset.ts'
import type { Reddening } from '../sabotage.ts'

const runSchema = z.object({
  run: z.string(),
  exit: z.number(),
  findings: z.array(findingSchema),
  skipped: z.array(z.object({ check: z.string() })),
  troubles: z.array(z.object({ code: z.string(), seen: z.string(), remedy: z.string() })),
})
/** What `pvcheck verify --json` prints. */
export type VerifyRun = z.infer<typeof runSchema>

/** The command as a user runs it. Throws when what it prints is no run, or its exit code not the one it tells. */
export async function verifyRun(options: readonly string[], signal: AbortSignal): Promise<VerifyRun> {
  const { code, stdout, stderr } = await runPvcheck(['verify', '--json', ...options], signal)
  const json = stdout.startsWith('{') ? stdout : '{}'
  const answer = runSchema.safeParse(JSON.parse(json))
  if (!answer.success) throw new Error(`no run in the output: ${stdout}\n${stderr}`, { cause: answer.error })
  if (answer.data.exit !== code) throw new Error(`tells of the exit code ${answer.data.exit}, and exits ${code}`)
  return answer.data
}

/** Any command of pvcheck, in a process of its own. */
export function runPvcheck(args: readonly string[], signal: AbortSignal) {
  const bin = join(packageRoot(), 'bin', 'pvcheck.js')
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve, reject) => {
    const options = { signal, maxBuffer: 16 * 1024 * 1024 }
    execFile(process.execPath, [bin, ...args], options, (error, stdout, stderr) => {
      if (error === null) resolve({ code: 0, stdout, stderr })
      else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr })
      else reject(error)
    })
  })
}

/** A line for each finding that is not green, for a reader of the failed test. */
export function redIn({ findings, troubles }: VerifyRun): string[] {
  const red = findings.filter(({ verdict }) => !isGreen(verdict))
  return [
    ...troubles.map(({ code, seen }) => `${code}: ${seen}`),
    ...red.map(
      ({ check, verdict, subject, actual, reason }) => `${check} ${verdict}  ${subject}: ${actual}; ${reason}`,
    ),
  ]
}

/**
 * What differs from the set that was written down, a line each: a check that turned and should not have, or did not and
 * should have, and a finding that names another cause, or no remedy.
 */
export function differencesFrom(reddens: Readonly<Record<CheckId, Reddening>>, { findings }: VerifyRun): string[] {
  const red = findings.filter(({ verdict }) => !isGreen(verdict))
  const missing = Object.entries(reddens).flatMap(([check, { verdict }]) => {
    const worst = worstVerdict(red.flatMap((finding) => (finding.check === check ? [finding.verdict] : [])))
    return worst === verdict ? [] : [`${check} is ${worst}, and not ${verdict}`]
  })
  const wrong = red.flatMap((finding) => {
    const { check, verdict, subject, expected, actual, reason = '', remedy = '' } = finding
    const { says, beside } = reddens[check] ?? {}
    const words = verdict === reddens[check]?.verdict ? says : beside
    const said = `${subject}: ${expected}; ${actual}; ${reason}`
    const isRight = words?.test(said) === true && remedy !== ''
    return isRight ? [] : [`${check} ${verdict}, with the remedy "${remedy}", says ${said}`]
  })
  return [...missing, ...wrong]
}
