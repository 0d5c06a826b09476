-- Since when the browsers are known that somebody signs in with. NULL until their first sign-in, which is with a new one and no news.
ALTER TABLE users ADD COLUMN browsers_since INTEGER;
