import type { Facts } from '../../model/check.ts'
import { engineConfig } from '../../model/facts/engine-config.ts'
import { engineInfo } from '../../model/facts/engine-info.ts'
import { engineUnit } from '../../model/facts/engine-unit.ts'
import { journalAnchors } from '../../model/facts/journal-anchors.ts'
import { journalFiles } from '../../model/facts/journal-files.ts'
import { journalSuppressed } from '../../model/facts/journal-suppressed.ts'
import { journalWindow } from '../../model/facts/journal-window.ts'
import { journald } from '../../model/facts/journald.ts'
import { nodes } from '../../model/facts/nodes.ts'

/** All that is needed to say what the absence of a line is worth. */
export const journalNeeds = {
  unit: engineUnit,
  window: journalWindow,
  anchors: journalAnchors,
  files: journalFiles,
  suppressed: journalSuppressed,
}
export type JournalFacts = Facts<typeof journalNeeds>

/** The same, and whether what dockerd prints now would come there. */
export const hearingNeeds = { ...journalNeeds, config: engineConfig, journald }
export type HearingFacts = Facts<typeof hearingNeeds>

/** The same, and who leads: some lines are logged by the leading manager alone. */
export const signatureNeeds = { ...hearingNeeds, info: engineInfo, nodes }
export type SignatureFacts = Facts<typeof signatureNeeds>
