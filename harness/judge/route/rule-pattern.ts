/** A value of `HostRegexp`; undefined where it does not mean the same here as there. */
export function toHostPattern(value: string, version: string): RegExp | undefined {
  if (isTemplate(value)) return fromTemplate(value, '[^.]+', 'whole')
  // Version 2 knows only templates: what is none is a name as it stands.
  return version.startsWith('2') ? new RegExp(`^${literally(value)}$`, 'iu') : fromGo(value)
}

/** A value of `Path` or `PathPrefix`: a template in version 2, plain text in version 3. */
export function toPathPattern(value: string, extent: 'whole' | 'prefix', version: string): RegExp | undefined {
  if (isTemplate(value) && !version.startsWith('3')) return fromTemplate(value, '[^/]+', extent)
  return new RegExp(`^${literally(value)}${extent === 'whole' ? '$' : ''}`, 'u')
}

/** `{name}` or `{name:expression}`; the braces of `a{2,3}` are no template. */
function isTemplate(value: string): boolean {
  return /\{[A-Za-z_]\w*(?::.*)?\}/su.test(value)
}

function fromTemplate(value: string, anything: string, extent: 'whole' | 'prefix'): RegExp | undefined {
  // An expression may hold braces of its own, one level deep.
  const parts = value.split(/(\{[A-Za-z_]\w*(?::(?:[^{}]|\{[^{}]*\})*)?\})/su)
  const source = parts.map((part) => {
    const [, expression] = /^\{\w+:(.*)\}$/su.exec(part) ?? []
    if (expression !== undefined) return `(?:${expression})`
    return isTemplate(part) ? `(?:${anything})` : literally(part)
  })
  return compile(`^${source.join('')}${extent === 'whole' ? '$' : ''}`, anything.includes('.') ? 'iu' : 'u')
}

/** Go's expressions are much like ours; a named class such as `[[:alpha:]]` would silently mean something else. */
function fromGo(value: string): RegExp | undefined {
  if (value.includes('[[:')) return undefined
  const [, insensitive, rest = value] = /^(\(\?i\))?(.*)$/su.exec(value) ?? []
  return compile(rest, insensitive === undefined ? 'u' : 'iu')
}

function compile(source: string, flags: string): RegExp | undefined {
  if (mayTakeForever(source)) return undefined
  try {
    return new RegExp(source, flags)
  } catch {
    return undefined
  }
}

/** Go needs the same time for every expression. Ours may not come to an end where what repeats is itself repeated. */
function mayTakeForever(source: string): boolean {
  const bare = source.replace(/\\./gsu, 'x').replace(/\[[^\]]*\]/gu, 'x')
  return /\)[*+{]/u.test(bare) || (bare.match(/[*+]|,\}/gu) ?? []).length > 4
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')
}
