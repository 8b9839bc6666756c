# The page that explains a redaction to whoever reviews it (evenhand redact --format html).

explain-title = Redaction, explained
explain-warning = This page shows the words that were removed. It is for whoever reviews the redaction and must not reach the panel.
explain-released = Released: a panel may read the redacted text.
explain-withheld = Withheld: a person has to look at it before a panel does.
explain-gate = The leak gate searched the output again for { $known ->
    [one] one known value
   *[other] { $known } known values
  } of the candidate and found { $found }.
explain-gate-nothing = The leak gate knew no value of the candidate to search for: neither the sender nor the text named one.
explain-summary = What was removed
explain-text = The application
explain-list = Every removal
explain-rule-set = Rule set { $sha }
explain-nothing = No rule removed anything.
explain-kind = Kind
explain-count = How many
explain-why = Why it is removed
explain-number = No.
explain-passage = Words
explain-now = What stands there now
explain-action = What was done
explain-rule = Rule
explain-place = Where the rule stands
explain-file = { $file }, line { $line }
explain-program = in the program
explain-problems = Problems
explain-outside = Found outside the visible words
explain-outside-note = None of this is in any copy. Whom it names is looked for in the words above.
explain-where = Where
outside-title = title
outside-link = target of a link
outside-description = description of a picture or field
outside-comment = comment
outside-metadata = author, reviewers, names of files and fields
outside-concealed = text that no page shows
outside-file-name = name of the file

action-mask = masked
action-neutralise = made neutral
action-generalise = made general
action-keep = kept

# Why a kind is not for a panel.
why-name = names the candidate
why-other-person = names somebody through whom the candidate could be found, or who shows something about the candidate
why-email = reaches the candidate or somebody near, and often holds a name
why-phone = reaches the candidate or somebody near
why-address = shows where the candidate lives
why-postcode = shows where the candidate lives
why-url = leads to a page that names or shows the candidate
why-handle = leads to the candidate's profile
why-dob = gives the age and identifies the person
why-ni-number = identifies the person in public records
why-id-number = identifies the person in a register
why-age = states the age or lets it be worked out
why-date-edu = lets the age be worked out
why-gender = shows sex or gender
why-marital-family = shows marriage, children or caring
why-pregnancy-maternity = shows pregnancy or parental leave
why-ethnicity-nationality = shows ethnic group, nationality or immigration status
why-language = shows origin
why-religion = shows religion or belief
why-disability-health = shows disability or health
why-sexual-orientation = shows sexual orientation
why-gender-reassignment = shows gender reassignment
why-school = shows place, class, faith, sex or origin through the school
why-affiliation = shows a characteristic through a membership
why-place = shows home or origin
why-other-proxy = shows background that a panel must not judge

# What a rule that is part of the program goes by.
rule-name-word = a word of the candidate's name
rule-name-run = several words of the candidate's name together
rule-name-wordlike-in-context = a word that is also a name, used as a name here
rule-name-resemblance = nearly a word of the candidate's name
rule-name-embedded = the candidate's name inside a longer word, file name or address
rule-name-other-script = words in another script
rule-identity-value = a value that came with the application
rule-address-around-postcode = lines of an address around a postcode
rule-gender-pronoun = a pronoun that stands for the candidate
rule-gender-described = a word for a woman or man that says what the candidate is
rule-vacancy-allowed = asked for by the person specification
rule-people-title = a title before a name
rule-people-cue = a word that tells that a person follows
rule-people-agreement = several weak signs of a person's name that agree
rule-people-named-elsewhere = a person who is named elsewhere in the application

## Clean documents

clean-title = Application
clean-page = Page {"{"}page{"}"} of {"{"}pages{"}"}
clean-proof = { $found } of { $known } known values found in { $parts ->
    [one] one part
   *[other] { $parts } parts
  } of the new file
clean-withheld = withheld: the new file could not be shown to be blind; nothing was written. Have a person look at the redaction with --format html.
