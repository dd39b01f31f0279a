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

test('with `log-format: json` a line is an object', () => {
  const line = String.raw`{"error":"no \"x\"","level":"error","msg":"Failed allocation for service abc","time":"2026-11-20T13:00:00Z"}`
  expect(parseDockerdLine(line)).toEqual({
    level: 'error',
    message: 'Failed allocation for service abc',
    error: 'no "x"',
  })
})

test('a line that only begins like an object is all message', () => {
  expect(parseDockerdLine('{a}')).toEqual({ level: '', message: '{a}', error: '' })
})
