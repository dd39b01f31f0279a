/** Whether a text is a unit of systemd, as `systemctl cat` prints it. */
export function isUnit(text: string): boolean {
  return /^\[(Unit|Service)\]\s*$/m.test(text)
}

/** The commands that a unit runs, drop-ins included, as lines of a shell; an empty `ExecStart=` forgets those before. */
export function unitScript(text: string): string {
  const commands = new Map<string, string[]>()
  const environment: string[] = []
  for (const line of text.replace(/\\\r?\n/g, ' ').split('\n')) {
    const [, key = '', value = ''] = /^\s*(Exec\w+|Environment)\s*=\s*(.*)$/.exec(line) ?? []
    if (key === 'Environment') environment.push(value.replace(/^"(.*)"$/, '$1'))
    else if (key !== '' && value.trim() === '') commands.set(key, [])
    else if (key !== '') commands.set(key, [...(commands.get(key) ?? []), value.replace(/^[-@:+!|]+/, '')])
  }
  return [...environment, ...[...commands.values()].flat()].join('\n')
}
