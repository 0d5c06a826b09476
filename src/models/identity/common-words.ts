/**
 * What long bad passwords are made of, in small letters: whatever is left without these and too short is not a password of one's own. Runs of small
 * words stand in one piece, so that a sentence of somebody's own is not taken apart.
 */
const SAID = `
iloveyousomuch iloveyouforever iloveyoubaby iloveyou iloveyu iloveu ilovemy ilovethe iheartyou ihateyou iwantto iwantyou imissyou illalways iamthe
iam iwill iwish thisismy thisisthe thisisa thisis mynameis nameis whatisthis whoami dontforget donotforget remember forgetme letmein letme openthe
opensesame idontknow dontknow nopassword newpassword oldpassword mypassword yourpassword forever always andever never trustme trustno1 trustnoone
fuckyou fuckoff fuckthis fucking bullshit asshole whatever whatthe hellothere hello goodbye goodmorning goodnight welcomehome welcome please
thankyou comeon godisgood godislove ilovegod inthename inthebeginning maytheforce bewithyou beamme onceuponatime tobeornottobe thequickbrown quick
brown jumps lazydog lazy overthe correct horse battery staple loremipsum dolorsit ametconsectetur openup abrakadabra abracadabra supercalifragilistic
expialidocious hakunamatata winteriscoming helloworld jesuschrist jesus christ thelord saviour savior`

const WORDS = `
password passwort passphrase passwords pass word words phrase p4ssword secret secrets secure security login logon signin account default changeme change
temporary temp master root admin administrator guest user username access test testing tester demo example sample company business office server
system computer internet google facebook yahoo hotmail gmail outlook microsoft windows apple iphone samsung android linux ubuntu cisco oracle database
latchkey tenant workspace agent invitation invite section member role permission matrix trace prompt session billing analytics
unbelievable christopher very long super strong mysecret supersecret
love lovely lover heart angel baby babe honey sweetie sweetheart darling princess prince queen king kitty family friends friend mother mom mommy mum
mummy father dad daddy sister brother sisters brothers children daughter husband wife girlfriend boyfriend girl girls boy boys happy birthday beautiful
butterfly sunshine sunflower rainbow flower flowers chocolate strawberry cookie cheese banana summer winter spring autumn monday tuesday wednesday
thursday friday saturday sunday january february march april june july august september october november december christmas dragon monkey tiger lion
shadow superman batman spiderman ironman captain america starwars startrek skywalker pokemon naruto minecraft fortnite harrypotter hogwarts
metallica nirvana slipknot eminem beatles rollingstones blink182 greenday football baseball basketball soccer hockey volleyball softball tennis
manchester united liverpool chelsea arsenal tottenham everton barcelona realmadrid madrid juventus milan bayern dortmund galatasaray fenerbahce
benfica celtic rangers lakers yankees cowboys steelers packers patriots eagles raiders giants warriors bulls redsox mustang ferrari porsche mercedes
corvette harley davidson yamaha newyork losangeles chicago london paris germany england france canada california texas florida mexico brasil brazil
australia freedom forever fucker bitch sexy pussy letmein trustno money power magic jordan michael michelle jessica jennifer ashley amanda nicole
daniel david joshua matthew andrew anthony robert thomas william james john joseph justin brandon charles charlie george alexander alexandra alexis
elizabeth samantha stephanie victoria vanessa natalie nathan patrick patricia richard steven jonathan nicholas benjamin maria sarah laura emily hannah
rachel rebecca melissa kimberly brittany danielle maggie martin oliver oscar peter sophie lucas max`

const RUNS =
  'qwertyuiop qwertzuiop azertyuiop asdfghjkl zxcvbnm yxcvbnm qwerty qwertz azerty asdf zxcv abcdef abcd abc123 abc 1q2w3e4r 123456789 1234567890 123456 12345 1234 123 987654321 654321 4321 321'

export const COMMON = `${SAID} ${WORDS} ${RUNS}`.split(/\s+/).filter(Boolean)
