/** @import { Log } from './types.ts' */

/**
 * Lines in the form of Traefik's common log: time, level, message, fields.
 * @param {(line: string) => void} write
 * @param {Readonly<Record<string, string>>} always fields of every line
 * @returns {Log}
 */
export function createLog(write, always) {
  /** @param {string} level */
  const at =
    (level) =>
    (/** @type {string} */ message, /** @type {Readonly<Record<string, string>>} */ fields = {}) => {
      const said = Object.entries({ ...fields, ...always }).map(([key, value]) => `${key}=${quoted(value)}`)
      write([new Date().toISOString().replace(/\.\d+Z$/, 'Z'), level, message, ...said].join(' '))
    }
  return { info: at('INF'), warn: at('WRN'), error: at('ERR') }
}

/** @param {string} value */
function quoted(value) {
  return /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value)
}
