import type { Service } from '../../model/facts/services.ts'
import { stackLabel, stackOf } from './stack-of.ts'

/** Where names and labels do not agree: the label decides, as it does for `docker stack rm`. */
export function notesOn(stack: string, services: readonly Service[]): readonly string[] {
  const isCalledSo = ({ Spec }: Service): boolean => Spec.Name.startsWith(`${stack}_`)
  const members = services.filter((service) => stackOf(service) === stack)
  const strangers = services.filter((service) => stackOf(service) !== stack && isCalledSo(service))
  return [
    ...members
      .filter((service) => !isCalledSo(service))
      .map(({ Spec }) => `${Spec.Name} goes with it, whatever its name says: its label ${stackLabel} says ${stack}`),
    ...strangers.map((service) => {
      const other = stackOf(service)
      const says = other === undefined ? `it has no label ${stackLabel}` : `its label says ${other}`
      return `${service.Spec.Name} stays, though it is called like one of ${stack}: ${says}`
    }),
  ]
}
