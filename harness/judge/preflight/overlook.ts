import { plain } from '../../core/text.ts'
import type { Service } from '../../model/facts/services.ts'
import type { Quiet } from '../../model/throwaway.ts'
import { list } from '../say.ts'

/** The services that are looked at, and what is said of the others, so that nobody takes them for quiet. */
export function overlook(
  services: readonly Service[],
  quiet: Pick<Quiet, 'overlook'>,
): { readonly seen: readonly Service[]; readonly overlooked: ReadonlySet<string>; readonly said: string } {
  const expressions = quiet.overlook.map((pattern) => new RegExp(pattern))
  const isOverlooked = ({ Spec }: Service): boolean => expressions.some((expression) => expression.test(Spec.Name))
  const others = services.filter(isOverlooked)
  const names = others.map(({ Spec }) => plain(Spec.Name, 100))
  return {
    seen: services.filter((service) => !isOverlooked(service)),
    overlooked: new Set(others.map(({ ID }) => ID)),
    said: names.length === 0 ? '' : `; overlooked as \`expect.quiet.overlook\` says: ${list(names)}`,
  }
}
