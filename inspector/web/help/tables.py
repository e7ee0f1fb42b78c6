"""The keys, and the query language by example: what the help page, its overlay and the manual list."""

KEYS = (
    ("j, k", "next and previous exchange"),
    ("Enter", "open the exchange that has the focus"),
    ("/", "search"),
    ("g g, G", "first and last exchange of the list"),
    ("n, N", "next and previous place where a search found something, or of two compared exchanges something differs"),
    ("c", "compare: on one exchange, and then on another"),
    ("J, K", "next and previous message"),
    ("u, U", "next and previous message of the user"),
    (".", "what is new in this exchange, else its reply"),
    ("o, O", "fold and unfold all that is long"),
    ("[, ]", "previous and next tab, which stays open from exchange to exchange"),
    ("1, 2, 3, 4, 5", "a tab by its number"),
    ("t", "the test, session or file of what is open"),
    ("y", "copy the link to what is open"),
    ("h, l", "fold and unfold the branch of the list that the open exchange is on"),
    ("H, L", "show less and more of the tree: files, tests, exchanges, all of them"),
    ("Space, PgDn, Home, End", "scroll what is read"),
    ("Esc", "leave the search field; back to the list on a narrow screen"),
    ("f", "follow: jump to what was recorded last"),
    ("p", "paste a recording"),
    ("?", "keys and the query language, over any page"),
)

GRAMMAR = (
    ('fog "fog bell"', "Words and phrases are searched in everything that was said, and in names. All of them have to "
     "be found. The last word may go on where it has two letters: `perm` finds `permissions`, and `user` finds "
     "`get_user_id` and `getUserId`."),
    ("in:result admin", "`in:` narrows the words after it to a place."),
    ("model:gpt-4o", "A field and a part of its value. Case does not matter."),
    ("model:gpt-4o* test:*lamp*", "`*` stands for anything; the value is then all of the name."),
    ("model:=gpt-4o", "`=` asks for exactly this name."),
    ('is:"token limit"', "A value with a space, a parenthesis or a quote stands in quotes; a quote in it is doubled."),
    ("-is:issue", "`-` or `NOT` in front: what does not have this."),
    ("(model:o3 OR model:o4) lamp", "`OR` between two things; parentheses hold them together."),
    ("tokens:>5k size:1MB..5MB", "Numbers take `>`, `>=`, `<`, `<=`, and ranges with `..`, of which one end may be "
     "missing. `k`, `m` and `g` are thousands, millions and billions; sizes take `kB`, `MB` and `GB` as well."),
    ("duration:>1.5s", "Durations take `ms`, `s`, `m`, `h` and `d`; a number alone counts seconds."),
    ("changed:2d", "`changed:` takes an age (the last two days; `>2d` is before them), a date such as `2026-11-20`, a "
     "minute such as `2026-11-20T16:30`, or a range of them."),
    ("sort:tokens", "An order, without groups; `sort:tokens-asc` turns it round."),
)  # fmt: skip
"""The query language: how something is written, and what it means."""
