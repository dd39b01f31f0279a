import { z } from 'zod'
import { PvcheckError } from '../core/errors.ts'

/** One thing wrong with a configuration: where, and what was seen and wanted there. */
export interface ConfigProblem {
  /** `expect.sharedNetwork.subnets[0]` */
  readonly path: string
  readonly problem: string
}

/** `['a', 0, 'b']` as `a[0].b`; the whole file as `(top level)`. */
export function pathOf(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
  return text === '' ? '(top level)' : text.replace(/^\./, '')
}

/** zod's issues as problems, each with its own path; an unknown key is told which keys there are. */
export function problemsOf(error: z.ZodError, schema: z.ZodType): ConfigProblem[] {
  const known = z.toJSONSchema(schema, { io: 'input' })
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const keys = keysAt(known, issue.path).join(', ')
      return issue.keys.map((key) => ({
        path: pathOf([...issue.path, key]),
        problem: `not a known field; known here: ${keys}`,
      }))
    }
    if (issue.code === 'invalid_key') return [{ path: pathOf(issue.path), problem: describeBranch(issue.issues) }]
    return [{ path: pathOf(issue.path), problem: describeIssue(issue) }]
  })
}

/** The branch wants a value of another type altogether: it is not the one that was meant. */
function isOtherType(issue: z.core.$ZodIssue): boolean {
  if (issue.path.length > 0) return false
  if (issue.code !== 'invalid_union') return issue.code === 'invalid_type'
  return issue.errors.length > 0 && issue.errors.every((branch) => branch.some(isOtherType))
}

function describeBranch(issues: readonly z.core.$ZodIssue[]): string {
  return issues
    .map((issue) => {
      const said = describeIssue(issue)
      return issue.path.length === 0 ? said : `${pathOf(issue.path)}: ${said}`
    })
    .join('; ')
}

/** A branch of a union may be one itself. */
function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue.message
  const meant = issue.errors.filter((branch) => !branch.some(isOtherType))
  return (meant.length === 0 ? issue.errors : meant).map(describeBranch).join(', or ')
}

type Json = z.core.JSONSchema.BaseSchema

function keysAt(schema: Json, path: readonly PropertyKey[]): string[] {
  let here: Json | undefined = schema
  for (const key of path) {
    const next: z.core.JSONSchema._JSONSchema | undefined =
      typeof key === 'number' ? oneOf(here?.items) : here?.properties?.[String(key)]
    here = typeof next === 'object' ? next : undefined
  }
  const branches = here?.anyOf ?? here?.oneOf ?? (here === undefined ? [] : [here])
  return [
    ...new Set(branches.flatMap((branch) => (typeof branch === 'object' ? Object.keys(branch.properties ?? {}) : []))),
  ].sort()
}

function oneOf(items: Json['items']): z.core.JSONSchema._JSONSchema | undefined {
  return Array.isArray(items) ? items[0] : items
}

/** All problems at once. */
export function configError(file: string, problems: readonly ConfigProblem[]): PvcheckError {
  const list = problems.map(({ path, problem }) => `\n  ${path}: ${problem}`).join('')
  return new PvcheckError({
    code: 'CONFIG_INVALID',
    seen: `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in ${file}:${list}`,
    wanted: 'a configuration as docs/configuration.md describes it',
    remedy: 'Mend the fields named above and run the command again; nothing was asked of any host.',
    exit: 'usage',
  })
}
