import { join } from 'node:path'

/** The folder with one bundle a run. */
export function evidenceDir(reportsDir: string): string {
  return join(reportsDir, 'evidence')
}

/** The records, one JSON line each. */
export function recordsPath(bundleDir: string): string {
  return join(bundleDir, 'evidence.jsonl')
}

/** The seal: written once, when a run has come to its end. */
export function sealPath(bundleDir: string): string {
  return join(bundleDir, 'bundle.json')
}
