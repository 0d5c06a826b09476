import { type HTMLElement, parseHTML } from 'linkedom/worker'
import { expect, it } from 'vitest'
import { defaultButton, submission } from './submission'

const formOf = (fields: string, attributes = 'method="post" action="/there"'): HTMLElement =>
  parseHTML(
    `<!doctype html><html><body><form id="form" ${attributes}>${fields}</form><input name="apart" form="form" value="x" /></body></html>`,
  ).document.querySelector('form')

const sent = (fields: string, button?: string) => {
  const form = formOf(fields)
  return submission(form, button ? form.querySelector(button) : undefined).fields?.toString()
}

it('sends what a browser sends, in the order of the page', () => {
  expect(sent('<input name="a" value="1" /><textarea name="b">\nx\ny</textarea><input value="nameless" />')).toBe(
    'a=1&b=x%0D%0Ay&apart=x',
  )
  expect(sent('<input type="checkbox" name="a" /><input type="checkbox" name="b" checked />')).toBe('b=on&apart=x')
  expect(sent('<input type="radio" name="a" value="1" /><input type="radio" name="a" value="2" checked />')).toBe('a=2&apart=x')
  expect(sent('<select name="a"><option value="1">One</option><option selected>Two</option></select>')).toBe('a=Two&apart=x')
  expect(sent('<select name="a"><option value="1">One</option><option>Two</option></select>')).toBe('a=1&apart=x')
  expect(sent('<input name="a" value="1" disabled /><fieldset disabled><input name="b" value="2" /></fieldset>')).toBe('apart=x')
})

it('sends the button that was pressed and no other, to where that button says', () => {
  const buttons =
    '<button name="a" value="1" id="one"></button><button name="a" value="2" id="two" formmethod="get" formaction="/other"></button>'
  expect(sent(buttons, '#one')).toBe('a=1&apart=x')
  expect(submission(formOf(buttons), formOf(buttons).querySelector('#two'))).toMatchObject({ method: 'GET', target: '/other' })
  expect(defaultButton(formOf(`<button type="button"></button>${buttons}`))?.id).toBe('one')
})

it('sends nothing while a field that is required is empty, unless the form says so', () => {
  const field = '<label>Name <input name="a" required value="" /></label>'
  expect(() => submission(formOf(field), undefined)).toThrow('a browser asks for “Name” first')
  expect(submission(formOf(field, 'novalidate'), undefined).method).toBe('GET')
})
