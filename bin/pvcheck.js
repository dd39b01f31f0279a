#!/usr/bin/env node
import { existsSync } from 'node:fs'

// Sources lie beside only in a checkout; see build.js.
if (existsSync(new URL('../tsconfig.build.json', import.meta.url))) {
  try {
    const { ensureBuilt } = await import('./build.js')
    ensureBuilt()
  } catch (error) {
    process.stderr.write(`pvcheck: ${error.message}\n`)
    process.exit(70)
  }
}
const { main } = await import('../dist/harness/cli/main.js')
await main(process.argv.slice(2), process.env)
