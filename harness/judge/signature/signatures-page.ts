import { exhaustion } from './exhaustion.ts'
import { harmless } from './harmless.ts'
import { leak } from './leak.ts'
import { race } from './race.ts'
import type { Signature } from './signature.ts'

const families: readonly (readonly [string, readonly Signature[]])[] = [
  ['Want of an address or a subnet (PV-JRN-005)', exhaustion],
  ['Leaks (PV-JRN-006)', leak],
  ['Removals that met each other (PV-JRN-007)', race],
  ['Harmless', harmless],
]

/** `docs/signatures.md`. */
export function signaturesPage(): string {
  return `# Signatures

Lines of dockerd's log that mean something, printed from \`harness/judge/signature/\`. Only dockerd's own lines are matched, part by part: what a container prints, or a user put into a name, is not taken
for one of them. Lines marked *leader* are logged by the leading manager alone: where its journal is out of reach, their absence proves nothing.

${families.map(([heading, signatures]) => section(heading, signatures)).join('\n')}`
}

function section(heading: string, signatures: readonly Signature[]): string {
  const entries = signatures.map(({ name, message, error, meaning, class: kind, remedy, source, leaderOnly }) =>
    [
      `### ${name}`,
      '',
      ...(message === undefined ? [] : [`- message: \`${message.source}\``]),
      ...(error === undefined ? [] : [`- error: \`${error.source}\``]),
      `- means: ${meaning}`,
      `- class: ${kind}${leaderOnly ? ', *leader*' : ''}`,
      `- remedy: ${remedy}`,
      `- source: ${source}`,
      '',
    ].join('\n'),
  )
  return `## ${heading}\n\n${entries.join('\n')}`
}
