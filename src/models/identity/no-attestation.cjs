/** In the place of what only reads certificates of authenticators, which nothing here asks for (wrangler.toml). */
module.exports = {}
