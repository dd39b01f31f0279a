import { basename } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { inSpecOrder } from './spec-order.ts'

/** What takes minutes begins first, so that nobody waits for it alone at the end. */
const longest = [
  'seen-red.lab.test.ts',
  'kill.lab.test.ts',
  'seen-red-acting.lab.test.ts',
  'census.lab.test.ts',
  'life.lab.test.ts',
]

/** Vitest puts the largest file first, or the slowest of the run before: specs keep their own order. */
export class SpecSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = (await super.sort(files)).toSorted((a, b) => rankOf(a) - rankOf(b))
    const specs = new Map(sorted.filter(isSpec).map((file) => [file.moduleId, file]))
    const ordered = inSpecOrder([...specs.keys()]).values()
    return sorted.map((file) => (isSpec(file) ? (specs.get(ordered.next().value ?? '') ?? file) : file))
  }
}

function isSpec({ moduleId }: TestSpecification): boolean {
  return /\.spec\.[jt]s$/.test(moduleId)
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = longest.indexOf(basename(moduleId))
  return rank < 0 ? longest.length : rank
}
