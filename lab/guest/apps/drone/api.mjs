import { cancelBuild, createBuild } from './history.mjs'
import { page } from './page.mjs'

/** @import { Reply } from '../serve.mjs' */
/** @import { Build, History } from './types.ts' */

/**
 * @typedef {{
 *   history: History, slug: string, token: string, login: string,
 *   now: () => number, changed: () => Promise<void>,
 * }} Server
 */

/**
 * One request, as Drone 2 answers it. Whatever is no API path gets the page of the UI, with 200.
 * @param {{ method: string, target: string, authorization: string | undefined }} asked
 * @param {Server} server
 * @returns {Promise<Reply>}
 */
export async function answerDrone({ method, target, authorization }, server) {
  const url = new URL(target, 'http://drone.internal')
  // A wrong token is no error to Drone: who sends one is a guest.
  const known = authorization === `Bearer ${server.token}` || url.searchParams.get('access_token') === server.token
  const { pathname } = url
  if (pathname === '/healthz') return { headers: { 'Content-Type': 'text/plain' }, body: 'OK' }
  if (pathname === '/version')
    return json({ source: 'https://github.com/harness/drone', version: '2.25.0+stand-in', commit: '' })
  if (pathname === '/metrics') return known ? problem(403, 'Forbidden') : problem(401, 'Invalid or missing token')
  if (pathname === '/api/user') return known ? json(user(server)) : problem(401, 'Unauthorized')
  if (pathname === '/api/queue' || pathname === '/api/builds/incomplete') {
    return known ? problem(403, 'Forbidden') : problem(401, 'Unauthorized')
  }
  if (pathname === '/api/user/builds') return known ? json(recentBuilds(server)) : problem(401, 'Unauthorized')
  if (pathname.startsWith('/api/repos/')) return answerRepo(method, url, known, server)
  if (pathname.startsWith('/api/')) return problem(404, 'Not Found')
  if (pathname === '/' && !known) return { status: 303, headers: { Location: '/welcome' }, body: '' }
  return { headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: page }
}

/** @param {Server} server */
function user({ login }) {
  return { id: 2, login, email: '', machine: true, admin: false, active: true, avatar: '', syncing: false }
}

/** @param {Server} server */
function repo({ slug }) {
  const [namespace, name] = slug.split('/')
  return { id: 1, slug, namespace, name, active: true, visibility: 'public' }
}

/**
 * What a user sees first: the newest builds of all repositories that are his to see, each in its repository.
 * @param {Server} server
 */
function recentBuilds(server) {
  return listBuilds(new URL('http://drone.internal'), server.history).map((build) => ({ ...repo(server), build }))
}

/**
 * @param {string} method
 * @param {URL} url
 * @param {boolean} known
 * @param {Server} server
 * @returns {Promise<Reply>}
 */
async function answerRepo(method, url, known, server) {
  const [owner, name, section, ...rest] = url.pathname.slice('/api/repos/'.length).split('/')
  if (`${owner}/${name}` !== server.slug) return problem(404, 'Not Found')
  if (section === undefined) return json(repo(server))
  if (section !== 'builds') return problem(404, 'Not Found')
  const { history } = server
  if (rest.length === 0 && method === 'POST') return known ? trigger(url, server) : problem(401, 'Unauthorized')
  if (rest.length === 0) return json(listBuilds(url, history))
  const [which, kind, stage, step] = rest
  const build = which === 'latest' ? history.builds.at(-1) : history.builds.find((one) => String(one.number) === which)
  if (build === undefined) return problem(404, 'sql: no rows in result set')
  if (kind === undefined && method === 'DELETE') {
    if (!known) return problem(401, 'Unauthorized')
    cancelBuild(build, server.now())
    await server.changed()
    return json(build)
  }
  if (kind === undefined) return json(build)
  const log = kind === 'logs' ? history.logs[`${build.number}/${stage}/${step}`] : undefined
  return log === undefined ? problem(404, 'sql: no rows in result set') : json(log)
}

/**
 * The newest first, without their stages.
 * @param {URL} url
 * @param {History} history
 */
function listBuilds(url, history) {
  const page = Math.max(1, Number(url.searchParams.get('page')) || 1)
  const perPage = Math.min(100, Number(url.searchParams.get('per_page')) || 25)
  const newest = history.builds.toReversed().slice((page - 1) * perPage, page * perPage)
  return newest.map((/** @type {Build} */ { stages: _stages, ...build }) => build)
}

/**
 * @param {URL} url
 * @param {Server} server
 * @returns {Promise<Reply>}
 */
async function trigger(url, server) {
  const { branch = 'main', commit, access_token: _token, ...params } = Object.fromEntries(url.searchParams)
  const head = server.history.heads[branch]
  if (head === undefined) return problem(404, 'Not Found')
  const build = createBuild(server.history, {
    branch,
    head: commit === undefined ? head : { ...head, after: commit },
    params,
    trigger: server.login,
    now: server.now(),
  })
  await server.changed()
  // Drone says 200 and `null` when the head commit asks for no build.
  return json(build ?? null)
}

/**
 * @param {unknown} value
 * @returns {Reply}
 */
function json(value) {
  return { headers: { 'Content-Type': 'application/json' }, body: `${JSON.stringify(value)}\n` }
}

/**
 * @param {number} status
 * @param {string} message
 * @returns {Reply}
 */
function problem(status, message) {
  return { ...json({ message }), status }
}
