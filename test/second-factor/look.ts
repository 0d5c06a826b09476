import { expect } from 'vitest'
import { all } from '../database'
import { doorAt } from './doing'
import { accountDoor, factorsOf, type Model, sessionOf, type Workspace, workspaceDoor } from './model'

const WORKSPACES = ['acme', 'globex'] as const satisfies Workspace[]

/** Every page answers each browser as the rules say, and the database has the factors that there should be. */
export async function expectSame(model: Model) {
  for (const [i, browser] of model.browsers.entries()) {
    const session = sessionOf(model, browser)
    const workspaces = session ? WORKSPACES : []
    const paths = [...workspaces.map((workspace) => `/w/${workspace}/agents`), '/account']
    const wanted = [...workspaces.map((workspace) => workspaceDoor(model, browser, workspace)), accountDoor(model, browser)]
    expect(await Promise.all(paths.map((path) => doorAt(browser.client, path))), `browser ${i}`).toEqual(wanted)
    // A page that is refused does not keep a session in use, and this one is refused to nobody.
    if (session && (await doorAt(browser.client, '/confirm')) !== 'sign-in') session.seenAt = model.now
  }
  expect(await all(FACTORS)).toEqual(
    model.people.map((person) => ({ id: person.id, factors: factorsOf(person), codes: person.codes.length })),
  )
}

const FACTORS = `SELECT id, factors, (SELECT count(*) FROM credentials c WHERE c.user_id = u.id AND c.kind = 'recovery') AS codes
  FROM users u WHERE id IN ('user-ada', 'user-bob') ORDER BY id`
