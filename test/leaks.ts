/** Which of these secrets stand in a text: as they are, in any letter case, or as a URL, JSON or base64 would write them. */
export function leaksIn(text: string, secrets: Iterable<string>): string[] {
  const lower = text.toLowerCase()
  return [...new Set(secrets)].filter((secret) => inWords(secret).some((form) => lower.includes(form)) || inBase64(text, secret))
}

const inWords = (secret: string) => {
  const encoded = encodeURIComponent(secret)
  const forms = [secret, encoded, encoded.replaceAll('%20', '+'), encodeURI(secret), JSON.stringify(secret).slice(1, -1)]
  return forms.map((form) => form.toLowerCase())
}

const inBase64 = (text: string, secret: string) => [0, 1, 2].some((offset) => holds(text, base64Within(secret, offset)))

const holds = (text: string, base64: string) => text.includes(base64) || text.includes(urlSafe(base64))
const urlSafe = (base64: string) => base64.replaceAll('+', '-').replaceAll('/', '_')

/** What a text becomes `offset` bytes into a longer one, without the characters that its neighbours would share. */
function base64Within(secret: string, offset: number) {
  const bytes = new TextEncoder().encode(' '.repeat(offset) + secret)
  const text = btoa(String.fromCharCode(...bytes))
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6))
}
