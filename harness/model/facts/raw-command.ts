import { z } from 'zod'

/** A command's answer as it is saved: what was printed, and how it ended. */
export const rawCommandSchema = z.object({
  exitCode: z.number(),
  stdout: z.string(),
  stderr: z.string(),
  /** The output was longer than what was read. */
  truncated: z.boolean(),
})
export type RawCommand = z.infer<typeof rawCommandSchema>

/** The output of a command that is of no use unless it succeeded and was read to its end. */
export const succeededSchema = rawCommandSchema.transform((command, context) => {
  if (command.exitCode === 0 && !command.truncated) return command.stdout
  context.issues.push({
    code: 'custom',
    input: command,
    message: command.truncated
      ? 'the output was too long to be read whole'
      : `exit code ${command.exitCode}: ${command.stderr.trim() || 'nothing on stderr'}`,
  })
  return z.NEVER
})

/** `exit code 127: sh: dockerd: not found`: how a command ended, and the last line that it printed. */
export function saidBy({ exitCode, stdout, stderr }: RawCommand): string {
  const line = (text: string): string | undefined => text.trim().split('\n').at(-1)
  return `exit code ${exitCode}: ${line(stderr) || line(stdout) || 'nothing was printed'}`
}
