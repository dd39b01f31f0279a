/** What `systemctl show` printed: one `Name=value` a line. */
export function readProperties(stdout: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>()
  for (const line of stdout.split('\n')) {
    const separator = line.indexOf('=')
    if (separator > 0) properties.set(line.slice(0, separator), line.slice(separator + 1))
  }
  return properties
}

/** systemd's `Fri 2026-11-20 12:01:01.123456 UTC`, as ISO 8601. */
export function readTimestamp(text: string): string | undefined {
  const match = /(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d+)?) UTC/.exec(text)
  return match === null ? undefined : `${match[1]}T${match[2]}Z`
}
