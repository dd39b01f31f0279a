/** `npm run drill`: see docs/drills/README.md. It runs what `pvcheck` runs: the compiled code. */
import { ensureBuilt } from './build.js'

ensureBuilt()
const { main } = await import('../dist/lab/drill/main.js')
const { readBundle } = await import('../dist/harness/record/evidence/read.js')
process.exitCode = await main(process.argv.slice(2), readBundle)
