import { exitCodes } from './exit.ts'

/** `docs/exit-codes.md`. */
export function exitCodesPage(): string {
  const rows = Object.entries(exitCodes).map(([name, { code, meaning }]) => `| ${code} | \`${name}\` | ${meaning} |`)
  return `# Exit codes

Printed from the table in \`harness/core/exit.ts\`; every command maps what it found onto it.

| code | name | meaning |
| --- | --- | --- |
${rows.join('\n')}

The exit code judges what was asked for. Where several hold, the first of 70, 4, 7, 1, 6, 3, 2, 5 stands. An interrupt that leaves residue is 4, not 130. A waived finding exits 0.
`
}
