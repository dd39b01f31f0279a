/** Prints `N passed, N failed, N skipped` from Vitest's JSON report; further arguments are steps that failed besides. */
import { existsSync, readFileSync } from 'node:fs'

const [path = '', ...failedSteps] = process.argv.slice(2)
const none = {
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  success: false,
  testResults: [],
}
const report = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : none
// A file that does not load has no tests to count, and is a failure all the same.
const brokenFiles = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
const counted = report.numFailedTests + brokenFiles.length + failedSteps.length
const failed = counted === 0 && !report.success ? 1 : counted
process.stdout.write(
  `${report.numPassedTests} passed, ${failed} failed, ${report.numPendingTests + report.numTodoTests} skipped\n`,
)
process.exitCode = failed === 0 && report.numPassedTests > 0 ? 0 : 1
