import { describe, expect, it } from 'vitest'
import { isMetadataAddress, readDocument } from './metadata-document'

const ID = 'https://client.example/oauth/client.json'
const says = (more: Record<string, unknown> = {}) =>
  JSON.stringify({ client_id: ID, client_name: 'Client', redirect_uris: ['https://client.example/callback'], ...more })

describe('the address of a document', () => {
  it.each([ID, 'https://client.example/a?version=2', 'https://client.example:8443/a'])('is %s', (address) => {
    expect(isMetadataAddress(address)).toBe(true)
  })

  it.each([
    ['the id of an app', 'a1b2c3'],
    ['plain HTTP', 'http://client.example/a'],
    ['no path', 'https://client.example/'],
    ['no path and no slash', 'https://client.example'],
    ['capitals in its host', 'https://Client.example/a'],
    ['capitals in its scheme', 'HTTPS://client.example/a'],
    ['a default port', 'https://client.example:443/a'],
    ['dots in its path', 'https://client.example/a/../b'],
    ['encoded dots in its path', 'https://client.example/a/%2e%2e/b'],
    ['backslashes', 'https:\\\\client.example\\a'],
    ['a space', 'https://client.example/a '],
    ['a line break', 'https://client.example/a\n'],
    ['a fragment', `${ID}#part`],
    ['an empty fragment', `${ID}#`],
    ['a name', 'https://me@client.example/a'],
    ['letters that a URL writes otherwise', 'https://bücher.example/a'],
    ['more characters than is sensible', `${ID}${'a'.repeat(500)}`],
  ])('is nothing with %s', (_, address) => {
    expect(isMetadataAddress(address)).toBe(false)
  })
})

describe('a document', () => {
  it('says where it leads back to, and nothing else that counts', () => {
    expect(readDocument(ID, says({ client_uri: 'https://bank.example', logo_uri: 'https://bank.example/logo.png' }))).toEqual({
      redirectUris: ['https://client.example/callback'],
    })
  })

  it('may say what we do anyway', () => {
    const more = {
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    }
    expect(readDocument(ID, says(more))).toBeDefined()
  })

  it.each([
    'https://client.example/another?app=1',
    'http://127.0.0.1/callback',
    'http://127.0.0.1:33418/',
    'http://localhost:33418/callback',
    'http://[::1]/callback',
  ])('leads back to %s', (uri) => {
    expect(readDocument(ID, says({ redirect_uris: [uri] }))).toEqual({ redirectUris: [uri] })
  })

  it.each([
    'https://other.example/callback',
    'https://client.example.other.example/callback',
    'https://sub.client.example/callback',
    'https://client.example:8443/callback',
    'https://me@client.example/callback',
    'http://client.example/callback',
    'https://localhost/callback',
    'http://127.0.0.2/callback',
    'http://localhost.other.example/callback',
    'http://127.0.0.1@other.example/callback',
    'http://localhost/callback#part',
    'app.client:/callback',
    'javascript:alert(1)',
    'data:text/html,hi',
    'callback',
    '',
  ])('does not lead to "%s", and what else it names stays', (uri) => {
    expect(readDocument(ID, says({ redirect_uris: [uri] }))).toBeUndefined()
    expect(readDocument(ID, says({ redirect_uris: [uri, 'http://localhost/callback'] }))).toEqual({
      redirectUris: ['http://localhost/callback'],
    })
  })

  it.each([
    ['about another client', says({ client_id: 'https://client.example/oauth/other.json' })],
    ['about no client', says({ client_id: undefined })],
    ['with a secret', says({ client_secret: 'secret' })],
    ['with a secret that ends', says({ client_secret_expires_at: 0 })],
    ['of a client that proves itself by a secret', says({ token_endpoint_auth_method: 'client_secret_basic' })],
    ['of a client that proves itself by a key', says({ token_endpoint_auth_method: 'private_key_jwt' })],
    ['of a client that asks for no code', says({ grant_types: ['client_credentials'] })],
    ['without addresses', says({ redirect_uris: undefined })],
    ['with none', says({ redirect_uris: [] })],
    ['with an address that is no text', says({ redirect_uris: [7] })],
    ['with an address for its addresses', says({ redirect_uris: 'https://client.example/callback' })],
    ['with too many addresses', says({ redirect_uris: Array.from({ length: 21 }, () => 'http://localhost/') })],
    ['with an endless address', says({ redirect_uris: [`http://localhost/${'a'.repeat(500)}`] })],
    ['that is a list', `[${says()}]`],
    ['that is nothing', 'null'],
    ['that is a page', '<!doctype html>'],
    ['that is empty', ''],
  ])('%s is none', (_, text) => {
    expect(readDocument(ID, text)).toBeUndefined()
  })
})
