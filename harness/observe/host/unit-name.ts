import type { Expectations } from '../../model/expectations.ts'

/** The unit that runs dockerd, with its suffix: `journalctl` matches full names only. */
export function engineUnitName(wanted: Expectations): string {
  const { unit } = wanted.journal
  return unit.includes('.') ? unit : `${unit}.service`
}
