import { expect, it } from 'vitest'
import { Browser } from '../browser'
import { linkIn } from '../database'
import { browserOf } from './browsers'

const IRIS = 'iris@acme.test'
const NEW_PASSWORD = 'plum teapot orbit canyon'
const SECTIONS = ['Agents', 'Traces', 'Eval', 'Session', 'Prompts']
const AGENTS = ['Contract Reader', 'Onboarding Guide']

it('a person sees exactly what the preview showed, and loses on the next click what an admin takes away', async () => {
  const [ada, iris] = [await browserOf('ada'), new Browser()]
  const preview = () => ada.called(/^What .+ sees$/)
  await ada.follow('Access Management')
  await ada.follow('Invite User')
  ada.fill('Email address', IRIS)
  ada.check('Tenant Admin')
  await ada.press('Update preview')
  expect(preview().textContent).toContain('Billing')
  ada.check('Tenant User')
  ada.uncheck('Logs')
  ada.uncheck('MCP Debug')
  ada.check('Selected agents')
  for (const agent of AGENTS) ada.check(agent)
  await ada.press('Update preview')
  expect(preview().textContent).not.toContain('Billing')
  expect(ada.texts('aside .nav-item')).toEqual(SECTIONS)
  expect(ada.texts('aside li')).toEqual(AGENTS.map((name) => expect.stringMatching(new RegExp(`^${name}`))))
  await ada.press('Send Invite')
  expect(ada.notice).toContain(`Invitation sent to ${IRIS}.`)

  await iris.open(await linkIn(IRIS))
  expect(iris.main).toContain('Agents, Traces, Eval, Session, and Prompts. 2 agents.')
  iris.fill('Your name', IRIS)
  iris.fill('Password', NEW_PASSWORD)
  await iris.press('Set My Password')
  await iris.enter('Password', NEW_PASSWORD)
  expect(iris.texts('nav .nav-item')).toEqual(SECTIONS)
  expect(iris.texts('main h2')).toEqual(AGENTS)

  await turnOff(ada, 'Traces')
  await iris.follow('Traces')
  expect(iris.main).toContain('You do not have access to this')
  await iris.open('/')
  expect(iris.texts('nav .nav-item')).toEqual(SECTIONS.filter((name) => name !== 'Traces'))

  await takeAgent(ada, 'Contract Reader')
  await iris.follow('Contract Reader')
  expect(iris.title).toBe('Page not found')
  await iris.open('/')
  expect(iris.texts('main h2')).toEqual(['Onboarding Guide'])

  await turnOff(ada, 'Agents')
  await iris.enter('Search agents', 'guide')
  expect(iris.main).toContain('You do not have access to this')
  await iris.open('/')
  expect(iris.title).toBe('Eval')
})

/** Turns a section off in the Permission Matrix, takes that back, and does it again. */
async function turnOff(admin: Browser, section: string) {
  await admin.open('/')
  await admin.follow('Access Management')
  await admin.follow('Permission Matrix')
  const cell = () => admin.called(`${section} for ${IRIS}`)
  await admin.press('Off', cell())
  expect(admin.isPressed('Off', cell())).toBe(true)
  expect(admin.notice).toContain(`${section} is now off for ${IRIS}.`)
  await admin.press('Undo')
  expect(admin.isPressed('Default: on', cell())).toBe(true)
  await admin.press('Off', cell())
  expect(admin.isPressed('Off', cell())).toBe(true)
}

async function takeAgent(admin: Browser, agent: string) {
  await admin.open('/')
  await admin.follow('Access Management')
  await admin.follow('Agent Access')
  const toggle = `${agent} for ${IRIS}`
  await admin.press(toggle)
  expect(admin.isPressed(toggle)).toBe(false)
  expect(admin.notice).toContain(`${agent} is now off for ${IRIS}.`)
  await admin.press('Undo')
  expect(admin.isPressed(toggle)).toBe(true)
  await admin.press(toggle)
  expect(admin.isPressed(toggle)).toBe(false)
}
