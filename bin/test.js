/**
 * `npm test`: the unit tests, and the tests against the practice host wherever this machine can host one. Where it
 * cannot, it says why, loudly; with CI=true that is a failure. Arguments are passed on to Vitest.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './build.js'

const root = fileURLToPath(new URL('..', import.meta.url))
ensureBuilt()
const { whyNoLab } = await import('../dist/lab/host/prerequisites.js')
const reason = await whyNoLab()
const isRequired = process.env.CI === 'true'

function warn() {
  process.stderr.write(`\n*** NO PRACTICE HOST: ${reason}\n`)
  process.stderr.write(
    '*** The tests against it (*.lab.test.ts) are left out; they prove most of what pvcheck says.\n\n',
  )
}

if (reason !== undefined) warn()
if (reason !== undefined && isRequired) {
  process.stderr.write('*** With CI=true they are required: this is a failure.\n')
  process.exit(1)
}
const { PVCHECK_CONFIG: _, ...env } = process.env
const projects = reason === undefined ? ['unit', 'lab'] : ['unit']
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', ...projects.flatMap((name) => ['--project', name]), ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', env: { ...env, ...(reason === undefined ? { PVCHECK_LAB: '1' } : {}) } },
)
if (reason !== undefined) warn()
process.exit(status ?? 1)
