import fc from 'fast-check'
import { afterEach, it, vi } from 'vitest'
import { newTotpSecret } from '../src/models/identity/totp-secret'
import { hasAuthenticatorApp, hasRecoveryCodes } from './authenticator-apps'
import { Client } from './client'
import { run } from './database'
import { expectOfAnyLife } from './lives'
import { hasSoftPasskey } from './passkey'
import { PASS_PHRASE } from './routes'
import * as account from './second-factor/account'
import { expectSame } from './second-factor/look'
import type { Model, Person } from './second-factor/model'
import * as signIns from './second-factor/sign-ins'
import type { Step } from './second-factor/step'
import * as world from './second-factor/world'
import { startOver } from './world'

/** Ada is an admin of Acme alone, Bob a user of both workspaces. */
async function begin(kits: Kit[]): Promise<Model> {
  await startOver()
  const now = Math.ceil(Date.now() / 60_000) * 60_000
  vi.useFakeTimers({ toFake: ['Date'], now })
  await run(
    `INSERT INTO members (id, tenant_id, email, email_key, user_id, role, status, agent_mode, created_at, joined_at)
     SELECT 'bob-globex', 'globex', email, email_key, user_id, 'user', 'active', 'all', created_at, joined_at FROM members WHERE id = 'bob'`,
  )
  const browsers = [new Client(), new Client()].map((client) => ({ client, session: undefined, half: undefined }))
  const people = [person('ada', ['acme'], 'admin'), person('bob', ['acme', 'globex'], 'user')]
  for (const [i, person] of people.entries()) await setUp(person, kits[i])
  return { now, people, browsers, workspaces: { acme: NO_RULE(), globex: NO_RULE() } }
}

const NO_RULE = () => ({ policy: 'optional', at: 0, graceDays: 0 }) as const

function person(name: string, workspaces: ('acme' | 'globex')[], role: 'admin' | 'user'): Person {
  const memberships = workspaces.map((workspace) => ({ workspace, role, joinedAt: 0 }))
  return {
    id: `user-${name}`,
    email: `${name}@acme.test`,
    password: PASS_PHRASE,
    app: undefined,
    passkeys: [],
    codes: [],
    used: [],
    memberships,
  }
}

type Kit = { app: boolean; passkey: boolean }

async function setUp(person: Person, { app, passkey }: Kit = { app: false, passkey: false }) {
  const name = person.id.replace('user-', '')
  if (app) person.app = { secret: newTotpSecret(), step: 0 }
  if (person.app) await hasAuthenticatorApp(name, person.app.secret)
  if (passkey) person.passkeys.push(await hasSoftPasskey(name))
  if (app || passkey) person.codes = await hasRecoveryCodes(name)
}

class Command implements fc.AsyncCommand<Model, undefined> {
  constructor(private readonly step: Step) {}
  check = () => true
  async run(model: Model) {
    await run('DELETE FROM throttles')
    await this.step.take(model)
    await expectSame(model)
  }
  toString = () => `[${this.step.words}]`
}

const at = fc.nat(3)
const who = fc.nat(1)
const nth = fc.nat(3)
const code = fc.constantFrom('app' as const, 'app' as const, 'recovery' as const, 'used' as const, 'wrong' as const)
const proof = fc.constantFrom('app' as const, 'recovery' as const, 'used' as const, 'password' as const, 'passkey' as const)
const misuse = fc.constantFrom(
  'none' as const,
  'none' as const,
  'another site' as const,
  'another browser' as const,
  'unverified' as const,
  'another key' as const,
)
const workspace = fc.constantFrom('acme' as const, 'globex' as const)
const policy = fc.constantFrom('optional' as const, 'admins' as const, 'everybody' as const)
const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE
/** Mostly so short that people are still signed in. */
const ms = fc.constantFrom(SECOND, 31 * SECOND, 31 * SECOND, 31 * SECOND, 3 * MINUTE, 6 * MINUTE, 11 * MINUTE, 31 * MINUTE, 2 * DAY)
/** What somebody has set up before. */
const kit = fc.record({ app: fc.boolean(), passkey: fc.boolean() })

const STEPS: [weight: number, fc.Arbitrary<Step>][] = [
  [4, fc.tuple(at, who, fc.constantFrom(true, true, true, false)).map((args) => signIns.signsIn(...args))],
  [5, fc.tuple(at, code, fc.constantFrom(true, true, true, false)).map((args) => signIns.givesCode(...args))],
  [6, fc.tuple(at, who).map((args) => signIns.signsInWholly(...args))],
  [5, fc.tuple(at, who, nth, misuse).map((args) => signIns.usesPasskey(...args))],
  [5, fc.tuple(at, proof).map((args) => signIns.confirms(...args))],
  [3, at.map(account.addsApp)],
  [3, at.map(account.addsPasskey)],
  [3, fc.tuple(at, nth).map((args) => account.removes(...args))],
  [1, at.map(account.makesCodes)],
  [1, at.map(account.changesPassword)],
  [1, fc.tuple(at, who).map((args) => world.resets(...args))],
  [1, at.map(world.signsOut)],
  [3, fc.tuple(workspace, policy, fc.constantFrom(0, 0, 1)).map((args) => world.asks(...args))],
  [1, fc.tuple(who, nth, fc.constantFrom('admin' as const, 'user' as const)).map((args) => world.becomes(...args))],
  [4, ms.map(world.waits)],
]
const step = fc.oneof(...STEPS.map(([weight, arbitrary]) => ({ weight, arbitrary: arbitrary.map((step) => new Command(step)) })))

const PATIENCE_MS = 6000

afterEach(() => vi.useRealTimers())

it('of two people with second factors holds, whatever happens in whatever order, what the rules say', async () => {
  const anyLife = fc.tuple(fc.tuple(kit, kit), policy, fc.commands([step], { maxCommands: 40, size: 'max' }))
  await expectOfAnyLife(
    anyLife,
    async ([kits, policy, commands]) => {
      const model = await begin(kits)
      await world.asks('acme', policy, 0).take(model)
      await fc.asyncModelRun(() => ({ model, real: undefined }), commands)
    },
    PATIENCE_MS,
  )
}, 3_600_000)
