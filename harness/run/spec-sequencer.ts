import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { inSpecOrder } from './spec-order.ts'

/** Vitest puts the largest file first, or the slowest of the run before: specs keep their own order. */
export class SpecSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const specs = new Map(sorted.filter(isSpec).map((file) => [file.moduleId, file]))
    const ordered = inSpecOrder([...specs.keys()]).values()
    return sorted.map((file) => (isSpec(file) ? (specs.get(ordered.next().value ?? '') ?? file) : file))
  }
}

function isSpec({ moduleId }: TestSpecification): boolean {
  return /\.spec\.[jt]s$/.test(moduleId)
}
