import { expect, it } from 'vitest'
import { leaksIn } from './leaks'

const SECRET = 'Zoë "Plover" <zoe+1@acme.test>'
const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

it.each([
  SECRET,
  SECRET.toUpperCase(),
  encodeURIComponent(SECRET),
  encodeURI(SECRET),
  `${new URLSearchParams({ q: SECRET })}`,
  JSON.stringify({ note: SECRET }),
  base64(SECRET),
  base64(`a${SECRET}b`),
  base64(`ab${SECRET}`).replaceAll('+', '-').replaceAll('/', '_'),
])('a secret is found in %j', (text) => expect(leaksIn(`{"at":"${text}"}`, ['another', SECRET])).toEqual([SECRET]))

it('what is not there is not found', () =>
  expect(leaksIn('{"at":"2026-03-01","action":"POST /login"}', [SECRET, 'nell@acme.test'])).toEqual([]))
