import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSync } from 'oxc-parser'

type Room = { may: string[]; types?: string[]; never?: string[] }
type Import = { from: string; of: string; typeOnly: boolean }

/** The table of rooms in docs/architecture.md: what a room may import from the others, what only as a type, and which packages never. */
const ROOMS: Record<string, Room> = {
  index: { may: ['app', 'mail', 'worker'] },
  worker: { may: ['cron', 'jobs', 'mail', 'env', 'log'], types: ['outbox'] },
  outbox: { may: ['log'] },
  jobs: { may: ['jobs', 'outbox', 'outbound', 'mail', 'models', 'env', 'log', 'db/connect'] },
  cron: { may: ['jobs', 'mail', 'models', 'env', 'log', 'db/connect'] },
  app: { may: ['routes', 'http', 'env'] },
  variables: { may: [] },
  env: { may: ['variables', 'models/identity/keyring'], types: ['models', 'log', 'db/connect'] },
  log: { may: [] },
  routes: { may: ['models', 'views', 'http', 'jobs', 'mail', 'outbound', 'env', 'oidc'], never: ['drizzle-orm'] },
  // The pages of people, which several resources answer with.
  'http/people': { may: ['http', 'models', 'views', 'env'] },
  // It renders what more than one route shows: the frame, errors, sign-in, a page as it is by now.
  http: { may: ['http', 'models', 'views', 'outbound', 'oidc', 'env', 'log', 'db/connect', 'db/trouble'] },
  'models/core': { may: ['models/core'], types: ['db/connect'], never: ['hono', 'drizzle-orm', 'lucide', 'mailchannels-sdk'] },
  models: { may: ['models', 'db'], never: ['hono', 'lucide', 'mailchannels-sdk'] },
  'views/dev': { may: ['views'], types: ['dev'] },
  // The list of sections is data, and the names of sections are words.
  views: {
    may: ['views', 'models/access/section'],
    types: ['models', 'mail/domain'],
    never: ['drizzle-orm', 'jose', 'valibot', 'mailchannels-sdk'],
  },
  mail: {
    may: [
      'mail',
      'outbox',
      'models',
      'env',
      'log',
      'db/connect',
      'views/mail',
      'views/components/shown-address',
      'views/identity/browser',
    ],
    types: ['variables'],
  },
  outbound: { may: ['outbound'], never: ['hono', 'drizzle-orm'] },
  // The provider of OpenID, loaded when an app asks.
  oidc: { may: ['oidc', 'models'], never: ['hono', 'drizzle-orm'] },
  db: { may: ['db'], never: ['hono', 'jose', 'valibot', 'lucide', 'mailchannels-sdk'] },
  dev: { may: ['dev', 'app', 'worker', 'env', 'routes', 'http', 'models', 'views', 'mail', 'db'] },
}

const within = (name: string, room: string) => name === room || name.startsWith(`${room}/`)
const nameOf = (file: string) => file.replace(/^src\//, '').replace(/\.tsx?$/, '')
const roomOf = (name: string) => Object.entries(ROOMS).find(([room]) => within(name, room))?.[1]

const onlyTypes = (entries: { isType: boolean }[]) => entries.length > 0 && entries.every((entry) => entry.isType)

const files = globSync('{src,views}/**/*.{ts,tsx}').filter((file) => !file.includes('.test.'))
const offences = files.flatMap(importsOf).filter((one) => !allowed(one))
for (const { from, of, typeOnly } of offences) console.error(`${from} may not import ${typeOnly ? 'even the types of ' : ''}${of}`)
if (offences.length > 0) process.exitCode = 1

function importsOf(file: string): Import[] {
  const source = readFileSync(file, 'utf8')
  const { staticImports, staticExports, dynamicImports } = parseSync(file, source).module
  const reexports = staticExports.flatMap(({ entries }) => entries.filter((entry) => entry.moduleRequest))
  return [
    ...staticImports.map(({ moduleRequest, entries }) => ({ of: moduleRequest.value, typeOnly: onlyTypes(entries) })),
    ...reexports.map((entry) => ({ of: entry.moduleRequest?.value ?? '', typeOnly: entry.isType })),
    ...dynamicImports.map(({ moduleRequest }) => ({
      of: source.slice(moduleRequest.start + 1, moduleRequest.end - 1),
      typeOnly: false,
    })),
  ].map(({ of, typeOnly }) => ({ from: nameOf(file), of: of.startsWith('.') ? nameOf(join(dirname(file), of)) : of, typeOnly }))
}

function allowed({ from, of, typeOnly }: Import) {
  const room = roomOf(from)
  if (!room) return false
  if (!roomOf(of)) return !room.never?.some((name) => within(of, name))
  return [...room.may, ...(typeOnly ? (room.types ?? []) : [])].some((other) => within(of, other))
}
