/** What dockerd printed, taken apart: `time="..." level=error msg="..." error="..."`, or the same as JSON. */
export interface DockerdLine {
  readonly level: string
  readonly message: string
  readonly error: string
}

const pair = /(?:^|\s)([A-Za-z_.][\w.-]*)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g

/** A line of another form, a stack trace say, is all message. */
export function parseDockerdLine(line: string): DockerdLine {
  const fields = line.startsWith('{') ? fieldsOfJson(line) : fieldsOfText(line)
  return {
    level: fields.get('level') ?? '',
    message: fields.get('msg') ?? line,
    error: fields.get('error') ?? '',
  }
}

function fieldsOfText(line: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const [, name = '', quoted, plain] of line.matchAll(pair)) {
    if (!fields.has(name)) fields.set(name, quoted === undefined ? (plain ?? '') : unquote(quoted))
  }
  return fields
}

/** With `log-format: json` (engine 25 and newer) every line is an object. */
function fieldsOfJson(line: string): ReadonlyMap<string, string> {
  try {
    const parsed: unknown = JSON.parse(line)
    const entries = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : []
    return new Map(entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]))
  } catch {
    return new Map()
  }
}

function unquote(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character))
}
