import { type LabMachine, runOn } from '../host/machine.ts'

/**
 * Puts another file in the place of one of the host's, and keeps the genuine one beside it. By a rename, as a program
 * that runs cannot be written to.
 */
export async function replaceFile(
  machine: LabMachine,
  path: string,
  content: string,
  signal: AbortSignal,
): Promise<void> {
  const command = `set -eu
[ -e ${path}.genuine ] || cp --preserve=all ${path} ${path}.genuine
cat > ${path}.sabotaged
chmod --reference=${path}.genuine ${path}.sabotaged
mv ${path}.sabotaged ${path}`
  await runOn(machine, command, { stdin: content, signal })
}

export async function putFileBack(machine: LabMachine, path: string, signal: AbortSignal): Promise<void> {
  await runOn(machine, `[ ! -e ${path}.genuine ] || mv ${path}.genuine ${path}`, { signal })
}
