import { expect, test } from 'vitest'
import { parseDockerdLine } from './dockerd-line.ts'

test('quotes within a message are undone, and do not end it', () => {
  const line = String.raw`time="2026-11-20T12:53:32Z" level=error msg="exec \"level=debug\": no\nsuch \\ file" error="a \"b\"" module=node`
  expect(parseDockerdLine(line)).toEqual({
    level: 'error',
    message: 'exec "level=debug": no\nsuch \\ file',
    error: 'a "b"',
  })
})

test('values without quotes are read', () => {
  expect(parseDockerdLine('level=info msg=done error=EOF')).toEqual({ level: 'info', message: 'done', error: 'EOF' })
})

test('a line of another form is all message', () => {
  expect(parseDockerdLine('panic: runtime error')).toEqual({ level: '', message: 'panic: runtime error', error: '' })
})

test('a message cannot pass for a field', () => {
  expect(parseDockerdLine('level=info msg="error=\\"could not find an available IP\\""')).toMatchObject({ error: '' })
})
