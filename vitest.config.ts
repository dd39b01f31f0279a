import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { locateConfig } from './harness/config/load.ts'
import { SpecSequencer } from './harness/run/spec-sequencer.ts'

/**
 * `npx vitest run`: the unit tests, and the read-only specs where a target is configured. The tests against the practice
 * host join with PVCHECK_LAB=1, as in `npm test`. Specs that act on a target are not to be found here at all: they
 * exist only under `pvcheck verify`, which can clean up after them.
 */
const shared = { globalSetup: ['bin/build.js'], retry: 0, globals: false }

const unit: TestProjectInlineConfiguration = {
  test: {
    ...shared,
    name: 'unit',
    include: ['{harness,lab,specs}/**/*.test.ts'],
    exclude: ['**/*.lab.test.ts'],
    // Some start processes, which takes its time on a busy machine.
    testTimeout: 30_000,
  },
}

const lab: TestProjectInlineConfiguration = {
  test: {
    ...shared,
    name: 'lab',
    include: ['{harness,lab,specs}/**/*.lab.test.ts'],
    // Most of the time goes into waiting for engines.
    maxWorkers: 3,
    testTimeout: 300_000,
    hookTimeout: 600_000,
    sequence: { groupOrder: 1 },
  },
}

const specs: TestProjectInlineConfiguration = {
  test: {
    ...shared,
    name: 'specs',
    globalSetup: ['harness/run/plain.ts'],
    include: ['specs/{host-facts,routing}.spec.ts'],
    // One worker: each fact is asked once.
    fileParallelism: false,
    isolate: false,
    testTimeout: 120_000,
    sequence: { groupOrder: 2 },
  },
}

const path = process.env['PVCHECK_CONFIG']
const target = await locateConfig({ cwd: process.cwd(), ...(path === undefined ? {} : { path }) })

export default defineConfig({
  test: {
    projects: [unit, ...(process.env['PVCHECK_LAB'] === '1' ? [lab] : []), ...(target === undefined ? [] : [specs])],
    passWithNoTests: false,
    allowOnly: false,
    // Of all projects at once, as Vitest wants it; it keeps the specs in order, and leaves the others alone.
    sequence: { sequencer: SpecSequencer },
  },
})
