import { z } from 'zod'
import { messageOf } from '../core/errors.ts'
import { type ConfigProblem, pathOf } from './problem.ts'

const always = 'type enum const anyOf oneOf allOf not $ref $defs definitions $schema $id $comment title description'
const ofType: Readonly<Record<string, readonly string[]>> = {
  object: words('properties required additionalProperties patternProperties propertyNames minProperties maxProperties'),
  array: words('items prefixItems minItems maxItems uniqueItems contains minContains maxContains'),
  string: words('minLength maxLength pattern format'),
  number: words('minimum maximum exclusiveMinimum exclusiveMaximum multipleOf'),
}
const known = new Set([...words(always), ...Object.values(ofType).flat()])
/** What says all: beside one of these zod looks at no word about a type. */
const final = ['$ref', 'enum', 'const']
const formats = words('date-time date time duration email hostname ipv4 ipv6 uri uuid')
const schemaIn = words('not items additionalProperties propertyNames contains')
const schemasIn = words('anyOf oneOf allOf prefixItems')
const schemasByNameIn = words('properties patternProperties $defs definitions')

/** Whether it is one is for `fromJSONSchema` to say. */
const asGiven = z.custom<z.core.JSONSchema.JSONSchema>()
const listSchema = z.array(z.unknown())
const mapSchema = z.record(z.string(), z.unknown())

/**
 * What is wrong with a JSON Schema, words that `fromJSONSchema` would pass over included: without its `type` a
 * `properties` lets everything pass, as does a `required` name that has no property.
 */
export function jsonSchemaProblems(schema: unknown, path: readonly PropertyKey[]): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  look(schema, path, problems)
  if (problems.length === 0 && !saysSomething(schema)) {
    problems.push({ path: pathOf(path), problem: 'any JSON would do; wanted at least a `type`' })
  }
  if (problems.length > 0) return problems
  try {
    z.fromJSONSchema(asGiven.parse(schema))
    return []
  } catch (error) {
    return [{ path: pathOf(path), problem: `not a JSON Schema: ${messageOf(error)}` }]
  }
}

function look(schema: unknown, path: readonly PropertyKey[], problems: ConfigProblem[]): void {
  if (typeof schema === 'boolean' && path.at(-1) !== 'json') return
  const { data } = mapSchema.safeParse(schema)
  if (data === undefined) {
    problems.push({ path: pathOf(path), problem: 'wanted a JSON Schema, which is an object' })
    return
  }
  const types = z.array(z.string()).catch([]).parse([data['type']].flat())
  const said = final.find((word) => word in data)
  for (const [word, value] of Object.entries(data)) {
    const problem = wordProblem(word, types, said) ?? valueProblem(word, value)
    if (problem !== undefined) problems.push({ path: pathOf([...path, word]), problem })
  }
  problems.push(...requiredProblems(data, path))
  for (const word of schemaIn) if (word in data) look(data[word], [...path, word], problems)
  for (const word of schemasIn) {
    for (const [index, one] of (listSchema.safeParse(data[word]).data ?? []).entries())
      look(one, [...path, word, index], problems)
  }
  for (const word of schemasByNameIn) {
    for (const [name, one] of Object.entries(mapSchema.safeParse(data[word]).data ?? {}))
      look(one, [...path, word, name], problems)
  }
}

function wordProblem(word: string, types: readonly string[], said: string | undefined): string | undefined {
  if (!known.has(word)) return 'not a word of JSON Schema that pvcheck can hold an answer against'
  const type = Object.entries(ofType).find(([, list]) => list.includes(word))?.[0]
  if (type === undefined) return undefined
  if (said !== undefined) return `beside \`${said}\` it would not be looked at`
  if (types.includes(type) || (type === 'number' && types.includes('integer'))) return undefined
  return `without \`type: ${type}\` beside it nothing would be held against it`
}

function valueProblem(word: string, value: unknown): string | undefined {
  if (word === 'format' && !formats.includes(String(value))) return `wanted one of ${formats.join(', ')}`
  if (word === 'allOf' && Array.isArray(value) && value.length === 0) return 'an empty list lets everything pass'
  const isScalar = (one: unknown) => typeof one !== 'object' || one === null
  if (word === 'const' && !isScalar(value)) return 'only texts, numbers, `true`, `false` and `null` can be compared'
  if (word !== 'enum' || (Array.isArray(value) && value.length > 0 && value.every(isScalar))) return undefined
  return 'wanted a list of texts, numbers, `true`, `false` or `null`'
}

function saysSomething(schema: unknown): boolean {
  const given = Object.keys(mapSchema.safeParse(schema).data ?? {})
  return words('type enum const anyOf oneOf allOf not $ref').some((word) => given.includes(word))
}

function requiredProblems(data: Readonly<Record<string, unknown>>, path: readonly PropertyKey[]): ConfigProblem[] {
  if (!('required' in data)) return []
  const { data: names } = z.array(z.string()).safeParse(data['required'])
  if (names === undefined) return [{ path: pathOf([...path, 'required']), problem: 'wanted a list of names' }]
  const properties = mapSchema.safeParse(data['properties']).data ?? {}
  return names
    .filter((name) => !Object.hasOwn(properties, name))
    .map((name) => ({
      path: pathOf([...path, 'required']),
      problem: `${name} is not among the properties, so its absence would go unseen`,
    }))
}

function words(text: string): readonly string[] {
  return text.split(' ')
}
