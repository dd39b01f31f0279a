import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '../../harness/core/file.ts'
import type { Drill } from './drill.ts'
import { type DrillRecord, readDrillRecord } from './drill-record.ts'
import { seconds } from './tally.ts'

/** `docs/drills/README.md`, printed from the drills and their records. */
export async function drillsPage(root: string, drills: readonly Drill[]): Promise<string> {
  const sections = await Promise.all(
    drills.map(async (drill) => section(drill, await readDrillRecord(root, drill.name))),
  )
  return `# Drills

A drill is a test that takes too long for every day. \`npm test\` runs a sample of each; \`npm run drill <name> -- --seed <seed>\` runs it in full and leaves its record here, to be committed; with \`--count <n>\` it tries the first n cases, with \`--only "<case>"\` that one, and leaves none. What is chosen follows from the seed. An interrupted drill goes on with \`npm run drill <name> -- --resume\`, as long as the code is the same.
\`npm run drill status\` says which records no longer fit the code that they are about, and fails where one does not.

Printed from \`lab/drill/\` and the records.

${sections.join('\n')}`
}

export async function writeDrillsPage(root: string, drills: readonly Drill[]): Promise<void> {
  const dir = join(root, 'docs', 'drills')
  await mkdir(dir, { recursive: true })
  await replaceFile(join(dir, 'README.md'), await drillsPage(root, drills), 0o644)
}

function section(
  { name, proves, fullCount, sampleCount, measures = 'recovery' }: Drill,
  record: DrillRecord | undefined,
): string {
  return `## ${name}

${proves} ${fullCount} cases; ${sampleCount} of them in \`npm test\`.

${record === undefined ? 'It has not been run in full yet.\n' : recordText(record, measures)}`
}

function recordText(record: DrillRecord, measures: string): string {
  const { recoveryMs, failures } = record
  const kinds = Object.entries(record.byKind).map(
    ([kind, count]) => `| ${kind} | ${count} | ${seconds(recoveryMs.byKind[kind])} |`,
  )
  const failed = failures.length === 0 ? 'none failed' : `**${failures.length} failures**`
  return `[Its record](${record.drill}.json): ${record.cases} cases with the seed \`${record.seed}\` at \`${record.commit.slice(0, 12)}\`, Docker ${record.engine}, ended ${record.endedAt.slice(0, 16).replace('T', ' ')} UTC; ${failed}. Median ${measures} ${seconds(recoveryMs.median)}, slowest ${seconds(recoveryMs.slowest)} (${recoveryMs.slowestCase}).

| what was done | times | slowest ${measures} |
| --- | --- | --- |
${kinds.join('\n')}

At: ${Object.entries(record.byPoint)
    .map(([point, count]) => `${point} (${count})`)
    .join(', ')}.
${failures.map((failure) => `\n- ${failure.case}: ${failure.seen}`).join('')}`
}
