import { globSync, readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import type { APIRequestContext } from '@playwright/test'
import { leaksIn } from '../test/leaks.ts'
import { expect, NEW_PASSWORD, PASS_PHRASE, test } from './app.ts'
import { sql } from './database.ts'
import type { Mail } from './mail.ts'
import { ACTIONS, PATHS } from './paths.ts'
import { allServers } from './servers.ts'

/** What `wrangler dev` says before this is not the Worker's word. */
const STARTED = '[wrangler:info] Ready on '
/** Nor are its reports of each request, which leave out the query, and its list of bindings. */
const NOT_OURS = /^(\[wrangler:info\]|⎔|Your Worker has access|Binding +Resource|env\.|$)/
/** How it sets off an error, beside the colour. */
const SET_OFF = /^✘ \[ERROR\] /

const SECRETS: Record<string, string> = {
  users: 'email, name',
  credentials: 'secret',
  members: 'email',
  invitations: 'jti, copied_jti, inviter_name, note',
  password_resets: 'jti',
  mails: 'to_email',
  sessions: 'secret_hash, ip, user_agent',
  activity: 'actor_name, actor_email, member_email, ip',
  agents: 'name, url',
  undos: 'id',
}

async function rows(request: APIRequestContext) {
  const tables = Object.entries(SECRETS).map(([table, columns]) => sql(request, `SELECT DISTINCT ${columns} FROM ${table}`))
  return (await Promise.all(tables))
    .flat(2)
    .filter((value) => typeof value === 'string' && value.length > 4 && !value.startsWith('/'))
    .map(String)
}

async function everyMail(request: APIRequestContext): Promise<Mail[]> {
  return (await request.get(PATHS.everyMail)).json()
}

/** What the journeys type, and no path. */
const TYPED = /\.(?:fill|type|pressSequentially)\('([^/'][^']{4,})'\)/g
const typed = () =>
  globSync('e2e/*.ts').flatMap((file) => [...readFileSync(file, 'utf8').matchAll(TYPED)].map(([, text = '']) => text))

function linesIn(log: string) {
  const lines = stripVTControlCharacters(readFileSync(log, 'utf8')).split('\n')
  const since = lines.findIndex((line) => line.includes(STARTED))
  return lines.slice(since).flatMap((line) => (NOT_OURS.test(line) ? [] : line.replace(SET_OFF, '')))
}

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
/** A client id, which is in every address that an app sends somebody to. */
const APP = /(?<="app":")[0-9a-f]{32}(?=")/
/** 128 bits or more in base64url or hexadecimal: a token, a cookie, a hash. The name of an event is in small letters alone. */
const RANDOM = /(?![a-z_]+\b)[\w-]{22,}/

test('in all these journeys the Worker wrote its lines, and no secret', async ({ playwright }) => {
  const lines = allServers.flatMap(({ log }) => linesIn(log))
  const actions = new Set(lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line).action))
  expect([...actions]).toEqual(expect.arrayContaining(ACTIONS))

  const text = [
    ...new Set(
      lines.map((line) =>
        line
          .replace(/"at":"[^"]+",/, '')
          .replace(APP, 'id')
          .replaceAll(UUID, 'id'),
      ),
    ),
  ].join('\n')
  expect(text).not.toMatch(/@|%40|token=|session=|__Host|Bearer/i)
  expect(text).not.toMatch(RANDOM)

  const requests = await Promise.all(allServers.map(({ origin }) => playwright.request.newContext({ baseURL: origin })))
  const letters = (await Promise.all(requests.map(everyMail))).flat()
  const links = letters.flatMap(({ links }) => links.flatMap((link) => new URL(link).searchParams.get('token') ?? []))
  const secrets = [
    PASS_PHRASE,
    NEW_PASSWORD,
    ...typed(),
    ...letters.flatMap(({ to, subject }) => [to, subject]),
    ...links,
    ...(await Promise.all(requests.map(rows))).flat(),
  ]
  expect(links.length).toBeGreaterThan(0)
  expect(leaksIn(text, secrets)).toEqual([])
})
