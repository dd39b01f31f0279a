/** What dockerd printed, taken apart: `time="..." level=error msg="..." error="..."`. */
export interface DockerdLine {
  readonly level: string
  readonly message: string
  readonly error: string
}

const pair = /(?:^|\s)([A-Za-z_.][\w.-]*)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g

/** A line of another form, a stack trace say, is all message. */
export function parseDockerdLine(line: string): DockerdLine {
  const fields = new Map<string, string>()
  for (const [, name = '', quoted, plain] of line.matchAll(pair)) {
    if (!fields.has(name)) fields.set(name, quoted === undefined ? (plain ?? '') : unquote(quoted))
  }
  return {
    level: fields.get('level') ?? '',
    message: fields.get('msg') ?? line,
    error: fields.get('error') ?? '',
  }
}

function unquote(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character))
}
