import { resolve } from 'node:path'
import { loadConfig } from '../config/load.ts'
import type { ExitName } from '../core/exit.ts'
import { plain } from '../core/text.ts'
import { createConsole } from '../run/console.ts'
import { exitWhenForced, watchInterrupts } from '../run/interrupt.ts'
import { jsonOf, summaryOf } from '../run/summary.ts'
import { verify } from '../run/verify.ts'
import type { Arguments, Surroundings } from './command.ts'

/** `pvcheck verify`: findings as they happen, and a summary; with `--json` one document on standard output. */
export async function verifyCommand(given: Arguments, { terminal, env, cwd }: Surroundings): Promise<ExitName> {
  const startedAt = performance.now()
  const { config: path, reports, json } = given.options
  const readOnly = given.options['readOnly'] === true
  using interrupt = watchInterrupts()
  exitWhenForced(interrupt, 10_000)
  const loaded = await loadConfig({ cwd, env, ...(path === undefined ? {} : { path: String(path) }) })
  const config = reports === undefined ? loaded : { ...loaded, reportsDir: resolve(cwd, String(reports)) }
  const progress = json === true ? terminal.err : terminal.out
  const elapsedMs = (): number => performance.now() - startedAt
  const { color, columns } = terminal
  const verified = await verify({
    config,
    command: ['pvcheck', 'verify', ...(readOnly ? ['--read-only'] : [])].join(' '),
    readOnly,
    interrupt,
    console: createConsole({ write: progress, color, columns, elapsedMs }),
    onOutput: (text) =>
      terminal.err(
        `${text
          .split('\n')
          .map((line) => plain(line))
          .join('\n')}`,
      ),
  })
  if (json === true) terminal.out(`${JSON.stringify(jsonOf(verified), null, 2)}\n`)
  else terminal.out(summaryOf(verified, { color, columns, cwd, elapsedMs: elapsedMs() }))
  return verified.exit
}
