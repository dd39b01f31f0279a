import { allChecks } from './checks.ts'

const wings: Readonly<Record<string, string>> = {
  ENG: 'The engine',
  SWM: 'The Swarm',
  NET: 'Networks and addresses',
  SVC: 'The control plane',
  JRN: "dockerd's journal",
  ROUTE: 'Routes and the proxy',
  CI: 'The CI control plane',
  PRE: 'Before anything is created',
  HEAD: 'The headroom of the allocator',
  RES: 'What is left afterwards',
  ADR: 'The census of addresses',
}

/** `docs/checks.md`. */
export function checksPage(): string {
  const sections = Object.entries(wings).map(([wing, heading]) => {
    const rows = allChecks
      .filter(({ id }) => id.startsWith(`PV-${wing}-`))
      .map(({ id, title, needs }) => `| ${id} | ${title} | ${factsOf(needs)} |`)
    return `## ${heading}\n\n| id | the expected state | facts |\n| --- | --- | --- |\n${rows.join('\n')}\n`
  })
  return `# The checks

Printed from \`harness/judge/checks.ts\`. An id never changes its meaning; a title may be put better. Every check has been seen to fail on a host broken for it, but for what [seen red](seen-red.md) excepts.

${sections.join('\n')}
${factsTable()}`
}

function factsOf(needs: Readonly<Record<string, { readonly name: string }>>): string {
  return Object.values(needs)
    .map(({ name }) => `\`${name}\``)
    .join(', ')
}

function factsTable(): string {
  const facts = new Map(
    allChecks.flatMap(({ needs }) => Object.values(needs).map(({ name, what }) => [name, what] as const)),
  )
  const rows = [...facts].sort(([a], [b]) => a.localeCompare(b)).map(([name, what]) => `| \`${name}\` | ${what} |`)
  return `## Facts\n\nWhat a run did itself is a fact, too: it is saved and judged like an answer.\n\n| fact | what is asked for, or was done |\n| --- | --- |\n${rows.join('\n')}\n`
}
